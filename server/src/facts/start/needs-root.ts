import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { startedWords } from '../../model/start-command.ts';
import type { Project } from '../../project/project.ts';

/** What is looked into to know what a container starts. */
interface Surroundings {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
}

/** Programs that drop root by themselves, or that cannot do without it. */
const rootPrograms = [
  'supervisord',
  'crond',
  'cron',
  'sshd',
  'dockerd',
  'containerd',
  'systemd',
  'init',
  's6-svscan',
  's6-overlay',
  'nginx',
  'openresty',
  'apache2',
  'apachectl',
  'apache2ctl',
  'apache2-foreground',
  'httpd',
  'httpd-foreground',
  'php-fpm',
  'haproxy',
  'squid',
  'named',
  'unbound',
  'dnsmasq',
  'postfix',
  'dovecot',
  'rsyslogd',
  'syslog-ng',
  'smbd',
  'vsftpd',
  'proftpd',
  'pure-ftpd',
  'openvpn',
  'wg-quick',
  'tailscaled',
  'keepalived',
  'varnishd',
  'mysqld',
  'mysqld_safe',
  'memcached',
  'tor',
  'gosu',
  'su-exec',
  'runuser',
  'setpriv',
  'chroot',
  'su',
  'sudo',
  'service',
  'runsvdir',
  'my_init',
];

/** Packages that are installed for a start that needs root. */
const rootPackages =
  /^(?:supervisor|s6-overlay|s6|gosu|su-exec|openssh-server|openssh|cron|cronie|dcron|runit|dbus)$/;

/** What a start script says when it drops root by itself, or does what only root may. */
const dropsRoot =
  /\b(?:gosu|su-exec|setpriv|runuser|chroot --userspec|su -|sudo|s6-\w+|supervisord|usermod|groupmod|useradd|adduser|groupadd|chown|sshd|crond?|nginx|php-fpm|apache2\w*|httpd|service \w+ start|sysctl|iptables|mount|update-ca-certificates|apt-get|apk add)\b/;

/** What a start script says when it writes files. */
const writesFiles =
  /\bsed\s+(?:-\w+\s+)*-i|\benvsubst\b[^\n]*>|\b(?:cp|mv|ln|tee|install|touch|mkdir|unzip|tar)\s|(?<![0-9&])>{1,2}\s*["']?(?!\/dev\/|\/tmp\/|&)[\w./$]/;

/** True where the start command, or a package that is installed for it, needs root or drops it by itself. */
export function needsRoot(stage: Stage): boolean {
  const starts = startedWords(stage).some(
    (word) => rootPrograms.includes(baseName(word)) || word === '/sbin/init',
  );
  const installs = allSteps(stage).some((step) =>
    step.script?.commands.some(
      (command) =>
        command.args.some((word) => word.text === 'install' || word.text === 'add') &&
        command.args.some((word) => rootPackages.test(word.text)),
    ),
  );
  return starts || installs;
}

/** What is known of the script that starts the container. */
export interface StartScript {
  readonly name: string;
  /** Undefined where the script is not among the files of the project. */
  readonly text: string | undefined;
  /** True where the script drops root by itself, or does what only root may. */
  readonly needsRoot: boolean;
  /** One sentence: why it may stop working as another user. */
  readonly doubt: string | undefined;
}

/** The script that starts the container, read where it lies in the build context. */
export function startScript(context: Surroundings, stage: Stage): StartScript | undefined {
  const name = startedWords(stage)
    .map(baseName)
    .find((word) => /\.sh$|entrypoint/.test(word));
  if (name === undefined) {
    return undefined;
  }
  const text = scriptText(context, stage, name);
  return {
    name,
    text,
    needsRoot: text !== undefined && dropsRoot.test(text),
    doubt:
      text === undefined
        ? 'The script that starts the container does not need root.'
        : writesFiles.test(text)
          ? `${name} may write what it writes as another user, too.`
          : undefined,
  };
}

function scriptText(context: Surroundings, stage: Stage, name: string): string | undefined {
  const copies = allSteps(stage).flatMap((step) => readCopy(step, context.dockerfile) ?? []);
  for (const { step } of copies) {
    // A script that is written into the Dockerfile itself.
    const { heredocs, documentText, words } = step.instruction;
    const body = heredocs[0]?.body;
    if (body !== undefined && words.at(-1)?.value.endsWith(name) === true) {
      return documentText.slice(body.start, body.end);
    }
  }
  const sources = copies.flatMap((copy) =>
    copy.sources.map((source) => source.value.replace(/^\.?\/+|\/+$/g, '')),
  );
  const paths = sources.flatMap((source) =>
    baseName(source) === name ? [source] : [source === '' || source === '.' ? name : `${source}/${name}`],
  );
  return [...paths, name, ...['docker', 'scripts', 'bin', '.docker'].map((folder) => `${folder}/${name}`)]
    .map((path) => context.project.reader.read(path))
    .find((one) => one !== undefined);
}

function baseName(path: string): string {
  return path.replace(/^.*\//, '');
}
