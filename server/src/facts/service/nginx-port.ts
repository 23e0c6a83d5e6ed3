import { commandsOfStep, pathOf } from '../../model/commands.ts';
import { lineage, type Stage, type Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { expand } from '../../model/variables.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { argumentText, findFlag } from '../../syntax/tree.ts';
import { type Known, known, unknown } from '../known.ts';

const folder = '/etc/nginx';
const siteOfImage = `${folder}/conf.d/default.conf`;

/** What an instruction puts in place of a configuration of the image. */
interface Copied {
  /** Absolute path of the file in the image. */
  readonly target: string;
  /** Undefined where the text could not be read. */
  readonly text: string | undefined;
  readonly source: string;
}

/**
 * The port on which nginx answers over HTTP by the configuration that a stage brings; `known` and undefined where that of
 * the image stands as it is. Unknown where a configuration could not be read, or is written by a command.
 */
export function nginxPort(stage: Stage, project: Project): Known<number | undefined> {
  const steps = lineage(stage).flatMap((one) => one.steps);
  const copied = steps.flatMap((step) => copiedTo(step, project));
  const unread = copied.find(({ text }) => text === undefined);
  if (unread !== undefined) {
    return unknown(`${unread.source}, which tells nginx its port, could not be read`);
  }
  const writer = steps.map(writerOf).find((one) => one !== undefined);
  if (writer !== undefined) {
    return unknown(`\`${writer}\` of a RUN writes the configuration of nginx`);
  }
  const listens = copied.flatMap(({ text = '' }) => listensOf(text));
  const values = listens.map(({ port }) => expand(port, stage.end.environment, '\\') ?? port);
  const hidden = values.find((one) => !/^\d+$/.test(one));
  if (hidden !== undefined) {
    return unknown(`the configuration of nginx takes its port from ${hidden}`);
  }
  const [port] = listens.flatMap(({ isTls }, i) => (isTls ? [] : [Number(values[i])]));
  const isReplaced =
    steps.some(removesSite) ||
    copied.some(
      ({ target, text = '' }) =>
        target === siteOfImage || (target === `${folder}/nginx.conf` && !/include\s[^;]*conf\.d/.test(text)),
    );
  return port === undefined && isReplaced
    ? unknown('no configuration of nginx that was found names a port for HTTP')
    : known(port);
}

function listensOf(text: string): { port: string; isTls: boolean }[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(?:server\s*\{\s*)?listen\s+(?:[\d.*]+:|\[[\da-f:]*\]:)?(\d+|\$\{?\w+\}?)([^;]*)/.exec(
      line,
    );
    return match === null
      ? []
      : [{ port: match[1] ?? '', isTls: /\b(?:ssl|quic)\b/.test(match[2] ?? '') || match[1] === '443' }];
  });
}

/** The configurations that a COPY or ADD brings. */
function copiedTo(step: Step, project: Project): Copied[] {
  const { instruction, before } = step;
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') {
    return [];
  }
  const words = instruction.words.map(({ value }) => expand(value, before.variables, '\\') ?? value);
  const to = words.at(-1) ?? '';
  const target = normalizePath(to.startsWith('/') ? to : `${before.workdir ?? '/'}/${to}`);
  if (target !== folder && !target.startsWith(`${folder}/`)) {
    return [];
  }
  if (instruction.heredocs.length > 0) {
    return [{ target, text: undefined, source: 'a document in the Dockerfile' }];
  }
  const isOwn = findFlag(instruction, 'from') === undefined;
  return words.slice(0, -1).flatMap((source) => {
    const paths = isOwn ? [inContext(source)] : tails(source);
    const path = paths.find((one) => project.reader.read(one) !== undefined);
    if (path !== undefined) {
      const isFile = /\.(?:conf|template)$/.test(target);
      return isConfiguration(nameOf(path)) || isFile
        ? [
            {
              target: placeOf(isFile ? target : `${target}/${nameOf(path)}`),
              text: project.reader.read(path),
              source: path,
            },
          ]
        : [];
    }
    const listed = paths.find((one) => (project.reader.list(one)?.length ?? 0) > 0);
    if (listed !== undefined) {
      return filesBelow(project, listed, 0).map((one) => ({
        target: placeOf(`${target}/${one.slice(listed === '' ? 0 : listed.length + 1)}`),
        text: project.reader.read(one),
        source: one,
      }));
    }
    return [{ target, text: undefined, source }];
  });
}

/** Templates of the image become sites of the same name. */
function placeOf(target: string): string {
  return target.replace(`${folder}/templates/`, `${folder}/conf.d/`).replace(/\.template$/, '');
}

function isConfiguration(name: string): boolean {
  return /\.conf(?:\.template)?$/.test(name);
}

function filesBelow(project: Project, path: string, depth: number): string[] {
  return (project.reader.list(path) ?? []).slice(0, 200).flatMap(({ name, kind }) => {
    const below = joinPath(path, name);
    if (kind === 'directory') {
      return depth < 2 ? filesBelow(project, below, depth + 1) : [];
    }
    return isConfiguration(name) ? [below] : [];
  });
}

function inContext(source: string): string {
  return normalizePath(`/${source}`).slice(1);
}

/** What a path of another stage may be in the build context: its ends, the longest first. */
function tails(source: string): string[] {
  const parts = inContext(source).split('/');
  return parts.map((_, i) => parts.slice(i).join('/'));
}

function removesSite(step: Step): boolean {
  return commandsOfStep(step).some(
    ({ command, directory }) =>
      command.name === 'rm' &&
      command.args.some((word) => {
        const path = pathOf(word, directory);
        return path === siteOfImage || path === `${folder}/conf.d` || path === folder;
      }),
  );
}

/** The command of a RUN that writes a configuration: what it says is not read. */
function writerOf(step: Step): string | undefined {
  if (step.instruction.keyword !== 'RUN') {
    return undefined;
  }
  const text = argumentText(step.instruction);
  if (/>>?\s{0,5}["']?\/etc\/nginx\//.test(text)) {
    return text.trim().split(/\s/, 1)[0];
  }
  return commandsOfStep(step).find(({ command: { name = '', args } }) => {
    const isNamed = args.some((word) => word.text.includes(`${folder}/`));
    const isSed = name === 'sed' && /listen|\b80\b/.test(text);
    return isNamed && (isSed || /^(?:tee|cp|mv|ln|envsubst|install)$/.test(name));
  })?.command.name;
}
