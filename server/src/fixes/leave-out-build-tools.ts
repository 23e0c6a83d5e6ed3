import { bringsHeaders, isCompiler, packageName, packagesOf } from '../distros/build-packages.ts';
import { runTimeLibraries } from '../facts/needs/run-time-libraries.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import type { Dockerfile, Script, Step } from '../model/dockerfile.ts';
import type { ShellWord } from '../syntax/shell/script.ts';
import { sortEdits, type TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import { table } from '../text/table.ts';
import { appendToRun } from './append-to-run.ts';
import { cutWord } from './convert/system-packages.ts';
import type { Fix } from './fix.ts';

/** Packages of the compiler's own libraries, which compiled programs may be linked to. Alpine: gcc.apk of 3.22. */
const compilerLibraries: Readonly<Record<string, readonly string[]>> = table({
  'build-base': ['libstdc++'],
  'alpine-sdk': ['libstdc++'],
  'g++': ['libstdc++'],
  gcc: ['libgcc'],
});

interface BuildPackages {
  readonly words: readonly ShellWord[];
  readonly names: readonly string[];
  /** Libraries that what was compiled needs, and that would go with the headers. */
  readonly libraries: readonly string[];
  /** True when the install names other packages as well. */
  readonly hasOthers: boolean;
}

/** The RUN installs without what nothing uses; libraries come in place of their headers. */
export function leaveOutBuildTools(
  dockerfile: Dockerfile,
  step: Step,
  script: Script,
  traits: ImageTraits | undefined,
): Fix | undefined {
  const found = buildPackages(script, traits);
  if (
    found === undefined ||
    step.instruction.form === 'json' ||
    (!found.hasOthers && found.libraries.length === 0)
  ) {
    return undefined;
  }
  const { start, end } = step.instruction.span;
  const [first, ...rest] = [...found.words].reverse();
  let text = dockerfile.text.slice(start, end);
  if (first === undefined) {
    return undefined;
  }
  // From the end to the start, so that the places in front stay where they are; libraries go where the first package was.
  for (const word of [first, ...rest]) {
    const at = script.sourceSpan(word.span);
    const isPlace = word === found.words[0] && found.libraries.length > 0;
    text = isPlace
      ? text.slice(0, at.start - start) + found.libraries.join(' ') + text.slice(at.end - start)
      : cutWord(text, at.start - start, at.end - start);
  }
  return {
    title:
      found.libraries.length > 0
        ? `Install ${found.libraries.join(', ')} instead`
        : `Leave out ${found.names.join(', ')}`,
    applicability: 'review',
    edits: [{ span: span(start, end), text }],
    assumptions: ['Nothing in the running container compiles.'],
  };
}

/** Purges the tools at the end of the RUN that installed and used them, and keeps the libraries. */
export function purgeBuildTools(
  dockerfile: Dockerfile,
  step: Step,
  script: Script,
  traits: ImageTraits | undefined,
): Fix | undefined {
  const found = buildPackages(script, traits);
  const manager = script.commands.find((command) => packagesOf(command).length > 0);
  const purge = {
    'apt-get': 'apt-get purge -y --auto-remove',
    apt: 'apt-get purge -y --auto-remove',
    apk: 'apk del',
  }[manager?.name ?? ''];
  const isAlpine = manager?.name === 'apk';
  const own = isAlpine ? (found?.names ?? []).flatMap((name) => compilerLibraries[name] ?? []) : [];
  const last = found?.words.at(-1);
  if (found === undefined || purge === undefined || last === undefined || found.names.includes('gfortran')) {
    return undefined;
  }
  const prefix = manager?.wrapper === 'sudo' ? 'sudo ' : '';
  const append = appendToRun(dockerfile, step, script, `${prefix}${purge} ${found.names.join(' ')}`);
  if (append === undefined) {
    return undefined;
  }
  const end = script.sourceSpan(last.span).end;
  const libraries = [...new Set([...own, ...found.libraries])];
  const keep: TextEdit[] =
    libraries.length === 0 ? [] : [{ span: span(end, end), text: ` ${libraries.join(' ')}` }];
  return {
    title: `Remove ${found.names.join(', ')} in the same RUN`,
    applicability: 'review',
    edits: sortEdits([...keep, append]),
    assumptions: [
      libraries.length === 0
        ? 'What is compiled needs no library that comes with these packages.'
        : `What is compiled needs no other library than ${libraries.join(', ')}.`,
    ],
  };
}

/** The packages of one install that only serve to build; undefined where a library behind them is not known. */
function buildPackages(script: Script, traits: ImageTraits | undefined): BuildPackages | undefined {
  const installs = script.commands.filter((command) => packagesOf(command).length > 0);
  const all = installs.flatMap((command) => packagesOf(command)).map(({ word }) => word);
  const words = all.filter((word) => isCompiler(packageName(word)) || bringsHeaders(packageName(word)));
  const libraries = words.map((word) =>
    bringsHeaders(packageName(word)) ? runTimeLibraries(packageName(word), traits) : [],
  );
  const named = all.map(packageName);
  if (installs.length !== 1 || words.length === 0 || libraries.some((one) => one === undefined)) {
    return undefined;
  }
  return {
    words,
    names: words.map(packageName),
    libraries: [...new Set(libraries.flatMap((one) => one ?? []))].filter((one) => !named.includes(one)),
    hasOthers: words.length < all.length,
  };
}
