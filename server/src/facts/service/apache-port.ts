import { commandsOfStep, pathOf } from '../../model/commands.ts';
import { lineage, type Stage, type Step } from '../../model/dockerfile.ts';
import { expand } from '../../model/variables.ts';
import type { Project } from '../../project/project.ts';
import { argumentText } from '../../syntax/tree.ts';
import { type Known, known, unknown } from '../known.ts';
import { copiedConfigurations } from './copied-configuration.ts';

/** Folder of Apache's configuration, and the files there that say which ports it listens to, by family of images. */
const places: ReadonlyMap<string, { readonly folder: string; readonly names: readonly string[] }> = new Map([
  ['php', { folder: '/etc/apache2', names: ['ports.conf', 'apache2.conf'] }],
  ['httpd', { folder: '/usr/local/apache2/conf', names: ['httpd.conf'] }],
]);

/**
 * The ports on which Apache answers over HTTP by the configuration that a stage brings; none where that of the image
 * stands as it is. Unknown where a command changes the port, or it comes from a variable that the image does not set.
 * Undefined for an image of another family.
 */
export function apachePorts(
  stage: Stage,
  project: Project,
  family: string | undefined,
): Known<readonly number[]> | undefined {
  const place = places.get(family ?? '');
  if (place === undefined) {
    return undefined;
  }
  const { folder, names } = place;
  const steps = lineage(stage).flatMap((one) => one.steps);
  const isMain = (path: string): boolean => names.some((name) => path === `${folder}/${name}`);
  const copied = steps.flatMap((step) => copiedConfigurations(step, project, folder));
  const unread = copied.find(
    ({ target, text }) => text === undefined && (isMain(target) || target === folder),
  );
  if (unread !== undefined) {
    return unknown(`${unread.source}, which tells Apache its port, could not be read`);
  }
  const ports: string[] = [];
  let isReplaced = false;
  for (const { target, text = '' } of copied) {
    if (isMain(target)) {
      isReplaced = true;
    }
    ports.push(...listensOf(text));
  }
  for (const step of steps) {
    const written = writtenBy(step, folder, names);
    if (written?.port === undefined && written !== undefined) {
      return unknown(`\`${written.command}\` of a RUN writes the ports of Apache`);
    }
    if (written?.port !== undefined) {
      isReplaced = true;
      ports.push(written.port);
    }
  }
  if (!isReplaced) {
    // The image's own port stays open beside any other that a site adds.
    return known([]);
  }
  const values = ports.map((port) => expand(port, stage.end.environment, '\\') ?? port);
  const hidden = values.find((one) => !/^\d+$/.test(one));
  if (hidden !== undefined) {
    return unknown(`the configuration of Apache takes its port from ${hidden}, which the image does not set`);
  }
  return values.length === 0
    ? unknown('no configuration of Apache that was found names a port for HTTP')
    : known(values.map(Number));
}

function listensOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s{0,40}Listen\s+(?:\S*:)?(\d+|\$\{\w+\})(?:\s+(\w+))?\s{0,40}$/i.exec(line);
    const isTls = match?.[1] === '443' || match?.[2]?.toLowerCase() === 'https';
    return match?.[1] === undefined || isTls ? [] : [match[1]];
  });
}

/** What a RUN makes of the ports: one where it says so in plain words, else only the command that changes them. */
function writtenBy(
  step: Step,
  folder: string,
  names: readonly string[],
): { readonly command: string; readonly port: string | undefined } | undefined {
  if (step.instruction.keyword !== 'RUN') {
    return undefined;
  }
  const text = argumentText(step.instruction);
  if (!names.some((name) => text.includes(name)) && !text.includes(`${folder}/*.conf`)) {
    return undefined;
  }
  const replaced = /\bs([/|!#,@])(?:\^?Listen )?80\1(?:Listen )?(\d{2,5}|\\?\$\{?\w+\}?)\1/.exec(text)?.[2];
  if (replaced !== undefined) {
    return { command: 'sed', port: replaced.replace(/^\\/, '') };
  }
  const overwrites = /[^>]>\s{0,5}["']?\S*(?:ports|httpd)\.conf/.test(text);
  const listened = /\bListen (\d{2,5})\b/.exec(text)?.[1];
  if (overwrites) {
    return { command: text.trim().split(/\s/, 1)[0] ?? '', port: listened };
  }
  const writer = commandsOfStep(step).find(({ command: { name = '', args }, directory }) => {
    const paths = args.map((word) => pathOf(word, directory));
    const isNamed = paths.some((path) => names.some((one) => path === `${folder}/${one}`));
    const isSed = name === 'sed' && /\bListen\b|\b80\b/.test(text);
    return isNamed && (isSed || /^(?:tee|cp|mv|ln|envsubst|install)$/.test(name));
  });
  return writer === undefined ? undefined : { command: writer.command.name ?? '', port: undefined };
}
