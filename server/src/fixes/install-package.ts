import { packagesOf } from '../distros/build-packages.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { commandSteps } from '../model/commands.ts';
import type { Dockerfile, Stage } from '../model/dockerfile.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** What installs a package where nothing else is installed. */
const installs = {
  apk: (name: string) => `apk add --no-cache ${name}`,
  apt: (name: string) =>
    `apt-get update && apt-get install -y --no-install-recommends ${name} && rm -rf /var/lib/apt/lists/*`,
} as const;

/** Installs a package of the distribution: with those that are installed already, else by a RUN of its own above the first copy. */
export function installPackage(
  dockerfile: Dockerfile,
  stage: Stage,
  traits: ImageTraits | undefined,
  name: string,
): Fix | undefined {
  const manager = traits?.packageManager;
  if (manager !== 'apk' && manager !== 'apt') {
    return undefined;
  }
  const edit = besideOthers(stage, name) ?? ownRun(dockerfile, stage, traits, installs[manager](name));
  return edit === undefined
    ? undefined
    : { title: `Install ${name}`, applicability: 'review', edits: [edit], assumptions: [] };
}

function besideOthers(stage: Stage, name: string): TextEdit | undefined {
  for (const { command, step, script } of commandSteps(stage)) {
    const found = packagesOf(command);
    const last = found.at(-1);
    const isPlain =
      step.instruction.form === 'shell' &&
      command.isUnconditional &&
      command.isTopLevel &&
      found.every(({ word, isTemporary }) => !isTemporary && word.value !== undefined);
    if (last !== undefined && isPlain) {
      const { end } = script.sourceSpan(last.word.span);
      return { span: span(end, end), text: ` ${name}` };
    }
  }
  return undefined;
}

function ownRun(
  dockerfile: Dockerfile,
  stage: Stage,
  traits: ImageTraits | undefined,
  command: string,
): TextEdit | undefined {
  const place = stage.steps.find(
    (step) => !['ARG', 'ENV', 'LABEL', 'SHELL'].includes(step.instruction.keyword),
  );
  const isRoot = (place ?? stage.steps.at(-1))?.before.user === undefined && traits?.defaultUser === 'root';
  const layout = new Layout(dockerfile.syntax);
  const lines = [`${layout.keyword('RUN')} ${command}`];
  return !isRoot || place === undefined || stage.base.kind !== 'image'
    ? undefined
    : layout.insertBefore(place.instruction, lines);
}
