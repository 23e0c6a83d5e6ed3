import type { Stage } from '../../model/dockerfile.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import type { AnalysisContext } from '../context.ts';
import type { Evidence } from '../known.ts';
import { baseName } from '../stage.ts';
import { followedCommand, type StartedCommand } from '../start/commands.ts';
import { isRootCommand, isRootProgram, type Language, languageOf } from '../start/programs.ts';
import type { WrittenPlace } from './place.ts';
import { asksRepository, onlyTells } from './program-writes.ts';
import type { ProgramSources } from './sources/source-writes.ts';
import { sourceCommands } from './sources/started-commands.ts';
import { isShellTool, startWrites } from './start-writes.ts';

/** What a program writes through other programs that it starts. */
export interface StartedWrites {
  readonly places: readonly (readonly [WrittenPlace, Evidence])[];
  /** What is not known of it, a sentence each without a stop. */
  readonly missing: readonly string[];
  /** The languages of further sources that it runs. */
  readonly languages: readonly Language[];
}

/** What the sources of a program write through other programs that they start: FFmpeg, Git, a shell … */
export function writesOfStarted(
  context: AnalysisContext,
  stage: Stage,
  sources: ProgramSources,
): StartedWrites {
  const all = sourceCommands(sources).map(({ command, isElsewhere, where, at }): StartedWrites => {
    if (command === undefined) {
      return { places: [], missing: [`${where} starts a program that is not plain to see`], languages: [] };
    }
    const { commands, notFollowed } = followedCommand(context, stage, command, where, at);
    const found = commands.map((one) =>
      writesOf(context, stage, isElsewhere ? { ...one, directory: undefined } : one, sources.language),
    );
    return joined([{ places: [], missing: notFollowed.slice(0, 1), languages: [] }, ...found]);
  });
  return joined(all);
}

function joined(all: readonly StartedWrites[]): StartedWrites {
  return {
    places: all.flatMap(({ places }) => places),
    missing: all.flatMap(({ missing }) => missing),
    languages: all.flatMap(({ languages }) => languages),
  };
}

/** What one command writes that a source starts. */
function writesOf(
  context: AnalysisContext,
  stage: Stage,
  command: StartedCommand,
  own: Language,
): StartedWrites {
  const { words, where, at, outputs } = command;
  const name = baseName(words[0] ?? '');
  const language = languageOf(words);
  const isTool = isShellTool(words);
  const missing: string[] = [];
  if (isRootProgram(words[0] ?? '') || isRootCommand(name)) {
    missing.push(`${where} starts \`${name}\`, which root alone may run`);
  } else if (asksRepository(words)) {
    if (!isLeftOut(context, '.git')) {
      missing.push(`${where} starts \`git\`, which reads no repository that belongs to another user`);
    }
  } else if (language === undefined && !onlyTells(words) && !isTool) {
    missing.push(`what \`${name}\` writes, which ${where} starts, is not known`);
  }
  const places: (readonly [WrittenPlace, Evidence])[] = [];
  for (const { path, isFile } of isTool || outputs.length > 0 ? startWrites(context, stage, command) : []) {
    if (path === undefined) {
      missing.push(`where \`${name}\` writes, which ${where} starts, is not plain to see`);
    } else {
      places.push([
        { path, isFile },
        { says: `${name}, which ${where} starts, writes to ${path}`, at },
      ]);
    }
  }
  return { places, missing, languages: language === undefined || language === own ? [] : [language] };
}

/** True for a path of the build context that no COPY sees. */
function isLeftOut({ project }: AnalysisContext, path: string): boolean {
  return readIgnoreFile(project)?.dockerignore.matcher.ignores(path) === true;
}
