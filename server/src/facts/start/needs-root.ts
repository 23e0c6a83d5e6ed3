import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { startedWords } from '../../model/start-command.ts';
import type { Project } from '../../project/project.ts';

/** What is looked into to know what a container starts. */
interface Surroundings {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
}

/** Packages that are installed for a start that needs root. */
const rootPackages =
  /^(?:supervisor|s6-overlay|s6|gosu|su-exec|openssh-server|openssh|cron|cronie|dcron|runit|dbus)$/;

/** True where a package is installed for a start that needs root. */
export function installsRootPackage(stage: Stage): boolean {
  return allSteps(stage).some((step) =>
    step.script?.commands.some(
      (command) =>
        command.args.some((word) => word.text === 'install' || word.text === 'add') &&
        command.args.some((word) => rootPackages.test(word.text)),
    ),
  );
}

/** What is known of the script that starts the container. */
export interface StartScript {
  readonly name: string;
  /** Undefined where the script is not among the files of the project. */
  readonly text: string | undefined;
}

/** The script that starts the container, read where it lies in the build context. */
export function startScript(context: Surroundings, stage: Stage): StartScript | undefined {
  const name = startedWords(stage)
    .map(baseName)
    .find((word) => /\.sh$|entrypoint/.test(word));
  if (name === undefined) {
    return undefined;
  }
  return { name, text: scriptText(context, stage, name) };
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
    copy.sources.map((source) => source.value.replace(/^\.?\/+|(?<!\/)\/+$/g, '')),
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
