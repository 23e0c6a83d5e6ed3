import { erlangBelowGleam } from '../../images/families/runtime-bases.ts';
import { joinImage } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import { builtCopy } from '../built-program.ts';
import type { PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { verbOf } from './toolchain.ts';

/** Converts a Gleam program for Erlang: what `gleam export erlang-shipment` writes, on the slim image of the same Erlang. */
export function planGleam(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, baseName, workdir } = input;
  const settings = project.reader.read(joinPath(directory, 'gleam.toml'));
  if (settings === undefined) {
    return { code: 'manifest-unreadable', reason: 'There is no readable gleam.toml where the build runs.' };
  }
  const base = erlangBelowGleam(baseName);
  if (base === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `Which Erlang ${baseName} has is not known: what is compiled for one release may not run on an older one.`,
    };
  }
  const started = input.facts.startedProgram();
  if (started === undefined || started.word === 'gleam') {
    return {
      code: 'starts-through-build-tool',
      reason:
        'The container starts through Gleam, which needs the sources. `gleam export erlang-shipment` makes a program that needs Erlang alone.',
    };
  }
  const isExported = input.builds.some(
    ({ command }) => verbOf(command) === 'export' && command.args[1]?.value === 'erlang-shipment',
  );
  const shipment = joinImage(workdir, 'build/erlang-shipment');
  const copy = builtCopy(input, started.paths, (path) =>
    isExported && `${path}/`.startsWith(`${shipment}/`) ? { path: shipment, isFile: false } : undefined,
  );
  if (copy === undefined) {
    return {
      code: 'program-not-built',
      reason: `The container starts \`${started.word}\`, and \`gleam export erlang-shipment\` does not write it.`,
    };
  }
  const sources = readSources(project, directory, /\.(?:gleam|erl|mjs)$/);
  if (/\b(?:shellout|os:cmd|open_port)\b/.test(`${settings}\n${sources}`)) {
    return {
      code: 'starts-other-programs',
      reason: 'The program calls other programs, and which of them it needs is not known.',
    };
  }
  const assets = input.facts.assetCopies(sources, /\.(?:gleam|erl|toml|md)$|^LICENSE$/);
  const isSaid = input.facts.writesBeside(sources);
  return {
    base,
    content: 'built',
    packages: [],
    change: () => undefined,
    copies: [copy, ...assets.copies],
    start: undefined,
    ...(isSaid ? { writtenFolder: input.stage.end.workdir ?? workdir } : {}),
    needless: ['compilers and headers', 'the packages', 'the sources'],
    assumptions: [
      'The shipment runs on Erlang alone, which the slim image has in the same release.',
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}
