import { isInComment, type SourceFile, sourceFiles } from '../../ecosystems/source-text.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { runsInContainer } from '../writes/sources/source-writes.ts';

const code = /\.[cm]?[jt]sx?$/;

/** A read of a file by a path that counts from the folder that the program runs in. */
const reads =
  /\b(?:readFileSync|readFile|createReadStream|readJsonSync|readJson)\s*\(\s*(?:(?:path\.)?(?:join|resolve)\s*\(\s*(?:process\.cwd\(\)\s*,\s*)?)?["'`](?:\.\/)?([\w-][\w./-]{0,200}\.\w{1,10})["'`]/g;

/**
 * What a program reads when it starts and the project does not hold: the settings file that it insists on, or a file that
 * its sources name. A sentence without a stop; undefined where nothing is missing.
 */
export function missingFile(project: Project, directory: ContextPath): string | undefined {
  const sources = sourceFiles(project, directory, code).filter(runsInContainer);
  const insisting = insistsOnSettings(sources);
  return insisting === undefined
    ? missingRead(project, directory, sources)
    : `${insisting}, which the final stage would not have`;
}

/** Says which source stops without a settings file that lies beside the program; undefined where none does. */
export function insistsOnSettings(sources: readonly SourceFile[]): string | undefined {
  for (const source of sources) {
    const { path, text } = source;
    if (!code.test(path) || !text.includes('dotenv') || !runsInContainer(source)) {
      continue;
    }
    for (const match of text.matchAll(loadsSettings)) {
      if (!isInComment(text, match.index) && stopsOnError(text, match)) {
        return `${path}:${lineOf(text, match.index)} stops without the file .env`;
      }
    }
  }
  return undefined;
}

/** A call that loads `.env`, with the name that its result is given. */
const loadsSettings =
  /(?:\b(?:const|let|var)\s+(\w{1,60}|\{\s*error\b[^}\n]{0,60}\})\s*=\s*)?\b(?:dotenv\.|require\(["']dotenv["']\)\.)?config\(/g;

/** True where a failure of the call stops the program: `if (result.error) throw …`. */
function stopsOnError(text: string, match: RegExpExecArray): boolean {
  const name = match[1];
  const asked = name === undefined ? ').error' : name.startsWith('{') ? '(error' : `${name}.error`;
  const end = match.index + match[0].length;
  const behind = text.slice(end, end + 600);
  const at = behind.indexOf(asked);
  const near = name === undefined ? 120 : 600;
  return at >= 0 && at < near && /\bthrow\b|\bprocess\.exit\b/.test(behind.slice(at, at + 160));
}

/** Folders that a build writes by their usual names. */
const builtFolder = /^(?:dist|build|out|output|lib|bin|public|generated|client|storybook-static|coverage)\//;

function missingRead(
  project: Project,
  directory: ContextPath,
  sources: readonly SourceFile[],
): string | undefined {
  for (const { path, text } of sources) {
    for (const match of text.matchAll(reads)) {
      const [, name = ''] = match;
      const isThere = builtFolder.test(name) || project.reader.read(joinPath(directory, name)) !== undefined;
      if (!isThere && !isInComment(text, match.index) && !isMadeOrAskedFor(name, sources)) {
        return `${path}:${lineOf(text, match.index)} reads ${name}, which is not among the files of the project: what brings it into the image is not known`;
      }
    }
  }
  return undefined;
}

/** True for a file that the program writes itself, or that it first asks whether it is there. */
export function isMadeOrAskedFor(name: string, sources: readonly SourceFile[]): boolean {
  return sources.some(({ text }) => {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const before = text.slice(Math.max(0, at - 120), at);
      if (
        /(?:write|append|exists|access|stat|copy|rename|os\.Create|File::create|try\s*\{)[^;]{0,100}$/i.test(
          before,
        )
      ) {
        return true;
      }
    }
    return false;
  });
}

/** The line that an offset lies in; the first is 1. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
