import { asNonRoot, distrolessImage, systemBase } from '../../images/families/runtime-bases.ts';
import type { CommandStep } from '../../model/commands.ts';
import { normalizePath } from '../../model/paths.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import { builtCopy } from '../built-program.ts';
import type { CommandChange, PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { compileWords, denoWords } from './commands.ts';

/** How sources of Deno start other programs, and what else makes them need more than a C library. */
const startsPrograms = /\bDeno\.(?:Command|run|spawn)\b|\bchild_process\b|\bdax\b/;
const writesFiles =
  /\bDeno\.(?:writeTextFile|writeFile|mkdir|create|copyFile|rename|symlink)(?:Sync)?\(|\bDeno\.open(?:Sync)?\([^)]{0,200}(?:write|create|append)|\bDeno\.openKv\(\s*["'`\w]|\bnew (?:DB|Database|DatabaseSync)\(\s*["'`](?!:memory)/;

/** Converts a program that `deno compile` makes: the one file, on an image with the C library alone. */
export function planDeno(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits } = input;
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  if (started.word === 'deno' || ['run', 'task', 'serve', 'eval'].includes(started.word)) {
    return {
      code: 'starts-through-build-tool',
      reason: 'The container starts through Deno, which runs the sources, and not what was compiled.',
    };
  }
  const outputs = input.builds.map((at) => outputOf(at, input));
  const unknown = outputs.indexOf(undefined);
  if (unknown >= 0) {
    return {
      code: 'output-unknown',
      reason: 'Where `deno compile` writes the program is not known; `--output` would say it.',
    };
  }
  const copy = builtCopy(input, started.paths, (path) =>
    outputs.includes(path) ? { path, isFile: true } : undefined,
  );
  if (copy === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${started.word}\`, and \`deno compile\` does not write it.`,
    };
  }
  const sources = readSources(project, directory, /\.[cm]?[jt]sx?$/);
  if (/\bDeno\.dlopen\(/.test(sources)) {
    return {
      code: 'libraries-unknown',
      reason: 'The program loads a library by Deno.dlopen, and which system it needs is not known.',
    };
  }
  if (startsPrograms.test(sources)) {
    return {
      code: 'starts-other-programs',
      reason: 'The program starts other programs, and which of them it needs is not known.',
    };
  }
  if (/\bDeno\.openKv\(\s*\)/.test(sources)) {
    return {
      code: 'writes-as-root',
      reason: 'The program keeps data in the folder of Deno itself, which the new image would not have.',
    };
  }
  // The images of Deno start everything through a tini of their own, which passes signals on.
  const usesTini =
    traits?.family === 'deno' && (input.start.entrypoint === undefined || input.start.words[0] === '/tini');
  const assets = input.facts.assetCopies(sources, /\.(?:[cm]?[jt]sx?|lock|md)$|^(?:deno\.jsonc?|LICENSE)$/);
  const called = input.facts.calledPrograms('').filter((name) => name !== 'tini' || !usesTini);
  const writes = writesFiles.test(sources);
  const needsSystem =
    input.needsShell ||
    started.needsShell ||
    (started.isWrapped && !usesTini) ||
    input.packages.length > 0 ||
    called.length > 0 ||
    writes;
  // What Deno compiles is linked to glibc, on its images of Alpine as well.
  const isDebian = traits?.distribution?.id === 'debian';
  if (needsSystem && !isDebian) {
    return {
      code: 'no-smaller-image',
      reason: `The program needs a system beside it, and ${input.baseName} is no Debian.`,
    };
  }
  const base = needsSystem ? systemBase(traits, true) : asNonRoot(distrolessImage('cc'));
  if (base === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `Which release of which system ${input.baseName} is built on is not known.`,
    };
  }
  return {
    base,
    content: 'built',
    packages: needsSystem ? input.facts.programPackages(called, ['bash', 'tar', 'gzip']) : [],
    change: (at) => cached(at, input),
    copies: [...(usesTini ? [{ from: '/tini', to: '/tini', isFile: true }] : []), copy, ...assets.copies],
    start:
      started.needsShell || (started.isWrapped && !usesTini)
        ? undefined
        : [...(usesTini ? ['/tini', '--'] : []), started.word, ...started.args],
    ...(writes ? { writtenFolder: input.stage.end.workdir ?? input.workdir } : {}),
    needless: ['Deno itself', 'the packages', 'the sources'],
    assumptions: [
      'What `deno compile` writes holds the program and the part of Deno that runs it; it needs the C library alone.',
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** Where a build writes the program: to what it names, or beside itself under the name of the file or of its folder. */
function outputOf(at: CommandStep, { project, directory }: PlanInput): string | undefined {
  const words = compileWords(at.command, project, directory);
  if (words === undefined || at.directory === undefined) {
    return undefined;
  }
  const option = words.findIndex((word) => word === '-o' || word === '--output');
  const named =
    option >= 0 ? words[option + 1] : words.find((word) => word.startsWith('--output='))?.slice(9);
  if (named !== undefined) {
    return normalizePath(named.startsWith('/') ? named : `${at.directory}/${named}`);
  }
  if (words.includes('--target')) {
    return undefined;
  }
  const entry = words.find((word) => /^[\w./-]+\.[cm]?[jt]sx?$/.test(word));
  const path = entry === undefined ? undefined : normalizePath(`${at.directory}/${entry}`);
  const parts = path?.split('/') ?? [];
  const stem = (parts.at(-1) ?? '').replace(/\.\w+$/, '');
  const name = /^(?:main|mod|index|cli)$/i.test(stem) ? parts.at(-2) : stem;
  return name === undefined || name === '' ? undefined : normalizePath(`${at.directory}/${name}`);
}

/** Everything that Deno fetches for the build comes from one mount: nothing of it is needed when the program runs. */
function cached(at: CommandStep, { commands, traits }: PlanInput): CommandChange | undefined {
  const { variables, user } = at.step.before;
  const isOffline = commands.some(({ command }) => hasOption(command, '--cached-only', '--no-remote'));
  const set = variables.has('DENO_DIR') ? variables.get('DENO_DIR') : undefined;
  const usual = traits?.family === 'deno' ? '/deno-dir' : '/root/.cache/deno';
  const path = (variables.has('DENO_DIR') ? set : usual)?.replace(/\/$/, '');
  const isRoot = user === undefined || /^(?:root|0)(?::|$)/.test(user);
  const fetches =
    at.command.name === 'deno' &&
    ['cache', 'install', 'compile', 'task'].includes(denoWords(at.command)[0] ?? '');
  return fetches && !isOffline && isRoot && path?.startsWith('/') === true
    ? { caches: [{ path }] }
    : undefined;
}
