import { allSteps, lastStep, type Stage, type Step } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import { startCommand } from '../../model/start-command.ts';
import type { AnalysisContext } from '../context.ts';
import { baseName, baseTraits, effectiveUser, isRoot } from '../stage.ts';
import { imageFile } from '../start/image-file.ts';
import { startedSoFar } from '../start/started-process.ts';

/** Servers whose packages and images keep PID file and cache in folders of root. */
interface RootServer {
  readonly program: RegExp;
  readonly places: string;
  /** What a command or configuration says when it has seen to that. */
  readonly moved: RegExp;
  readonly configuration: readonly string[];
  /** What to take instead; a sentence with a space in front, or nothing. */
  readonly hint: string;
}

const servers: readonly RootServer[] = [
  {
    program: /^(?:nginx|openresty)$/,
    places: 'neither /run/nginx.pid nor its folders below /var/cache/nginx',
    moved: /nginx\.pid|\/var\/(?:cache|lib|run)\/nginx|\/run\b|chmod -R|chown -R/,
    configuration: ['/etc/nginx/nginx.conf'],
    hint: ' nginxinc/nginx-unprivileged is made to run as another user.',
  },
  {
    program: /^(?:httpd|httpd-foreground|apache2|apache2ctl|apachectl)$/,
    places: 'neither its PID file nor its logs',
    moved: /httpd\.pid|\/(?:run|logs?)\b|APACHE_|chmod -R|chown -R|PidFile/,
    hint: '',
    configuration: [
      '/usr/local/apache2/conf/httpd.conf',
      '/etc/apache2/httpd.conf',
      '/etc/apache2/apache2.conf',
    ],
  },
];

/** Why the server of the stage that ships ends at once as the user it is given; undefined where nothing says so. */
export function serverProblem(context: AnalysisContext, stage: Stage): string | undefined {
  const user = effectiveUser(stage, context.images);
  const traits = baseTraits(stage, context.images);
  const written = lastStep(stage, 'USER');
  if (user === undefined || isRoot(user) || written === undefined || traits === undefined) {
    return undefined;
  }
  const family = ['nginx', 'httpd'].find((name) => traits.family === name && traits.defaultUser === 'root');
  const started = startedSoFar(context, stage).map(({ words }) => baseName(words[0] ?? ''));
  const isOwn = family !== undefined && startCommand(stage).words.length === 0;
  const server = servers.find(({ program }) =>
    isOwn ? program.test(family) : started.some((name) => program.test(name)),
  );
  // The packages of the distributions are no better; servers that were put there otherwise are not known.
  const isKnown =
    family !== undefined || ['nginx', 'apache2', 'httpd'].some((name) => installsPackage(stage, name));
  if (server === undefined || !isKnown) {
    return undefined;
  }
  const isMoved = allSteps(stage).some((step) =>
    step.instruction.keyword === 'RUN'
      ? step.script?.isUnderstood !== true || server.moved.test(step.instruction.line.text)
      : step.instruction.keyword === 'COPY' && bringsConfiguration(context, stage, step, server),
  );
  const name = written.instruction.words[0]?.value.split(':')[0] ?? user;
  return isMoved
    ? undefined
    : `As \`${name}\` the server can make ${server.places}, which belong to root: the container ends at once.${server.hint}`;
}

/** True for a copy of a main configuration that names other places, or that cannot be read. */
function bringsConfiguration(
  context: AnalysisContext,
  stage: Stage,
  step: Step,
  { configuration, moved }: RootServer,
): boolean {
  const line = step.instruction.line.text;
  const isMain =
    configuration.some((path) => line.includes(path)) ||
    /\/etc\/(?:nginx|apache2)\/?\s*$|\/apache2\/conf\/?\s*$/.test(line);
  const texts = configuration.flatMap((path) => imageFile(context, stage, path)?.text ?? []);
  return (
    isMain &&
    (texts.length === 0 ||
      texts.some((text) => moved.test(text) || /\bpid\s+\/tmp|PidFile\s+"?\/tmp/.test(text)))
  );
}
