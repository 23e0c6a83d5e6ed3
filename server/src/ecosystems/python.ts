import { hasOption, operands, type ShellCommand } from '../syntax/shell/script.ts';
import type { Ecosystem } from './ecosystem.ts';
import { joinPath } from './node-package.ts';

export const python: Ecosystem = {
  id: 'python',
  title: 'Python',

  readInstall(command) {
    const words = pipWords(command);
    if (words === undefined || words[0] !== 'install' || requirementFiles(command).length === 0) {
      return undefined;
    }
    return { tool: 'pip', isFrozen: true, omitsDev: true, directory: undefined };
  },

  manifests(install, project, directory) {
    const files = requirementFiles(install.command);
    const hidden = install.command.args.some((word) => word.value === undefined);
    if (hidden || files.some((file) => file.startsWith('/') || file.includes('://'))) {
      return { files: [], doubts: [], blocker: 'The requirements file is not in the build context.' };
    }
    if (!project.isKnown) {
      return { files, doubts: ['The project’s files are not known.'] };
    }
    const doubts: string[] = [];
    for (const file of files) {
      const text = project.reader.read(joinPath(directory, file));
      if (text === undefined) {
        return { files: [], doubts: [], blocker: `There is no readable ${file} in the build context.` };
      }
      const reference =
        /^\s*(?:-[rce]\b|--(?:requirement|constraint|editable)\b|\.{1,2}(?:\/|\s*$|\[)|\S+ @ file:)/m.exec(
          text,
        );
      if (reference !== null) {
        return { files: [], doubts: [], blocker: `${file} refers to other files of the project.` };
      }
    }
    const hasProject = operands(install.command).some((word) => /^\.(?:$|\/|\[)/.test(word.value ?? ''));
    return hasProject
      ? { files: [], doubts, blocker: 'The install builds the project itself.' }
      : { files, doubts };
  },

  isBuild() {
    return false;
  },

  isProjectCommand(command) {
    return pipWords(command) !== undefined;
  },

  caches() {
    return [];
  },

  plan() {
    return { reason: 'Ballast does not yet take Python projects apart.' };
  },
};

/** The words behind `pip`, also for `python -m pip`; undefined for other commands. */
export function pipWords(command: ShellCommand): string[] | undefined {
  const words = command.args.map((word) => word.value ?? word.text);
  if (/^pip[\d.]*$/.test(command.name ?? '')) {
    return words.filter((word) => !word.startsWith('-') || word.startsWith('-r'));
  }
  if (/^python[\d.]*$/.test(command.name ?? '') && words[0] === '-m' && words[1] === 'pip') {
    return words.slice(2);
  }
  return undefined;
}

/** The files named by `-r`; empty when the command names packages only, or holds the project itself. */
function requirementFiles(command: ShellCommand): string[] {
  if (hasOption(command, '-e', '--editable')) {
    return [];
  }
  const files: string[] = [];
  command.args.forEach((word, i) => {
    const text = word.value ?? '';
    if (text === '-r' || text === '--requirement') {
      files.push(command.args[i + 1]?.value ?? '');
    } else if (text.startsWith('--requirement=')) {
      files.push(text.slice('--requirement='.length));
    } else if (/^-r\S/.test(text)) {
      files.push(text.slice(2));
    }
  });
  return files.filter((file) => file !== '').map((file) => file.replace(/^\.\//, ''));
}
