import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import * as z from 'zod';
import type { ShellAnswer, ShellChecks, ShellQuestion } from '../engine/shell-checks.ts';
import { LineIndex } from '../text/lines.ts';
import { type Span, span } from '../text/span.ts';

/** ShellCheck on this machine, with what it has said. */
export interface ShellCheckProgram extends ShellChecks {
  /**
   * Asks for what is not known yet. `program` is its path; without one it is looked for on PATH. Answers whether
   * something new is known. Never fails: without ShellCheck nothing is said, and no question is put together.
   */
  learn(questions: () => readonly ShellQuestion[], program: string | undefined): Promise<boolean>;
}

/** Milliseconds, texts kept and bytes printed: more is no answer to the shell text of a Dockerfile. */
const patience = 20_000;
const mostKept = 5000;
const mostOutput = 16 * 1024 * 1024;

const level = z.enum(['error', 'warning', 'info', 'style']);
const place = { line: z.int(), column: z.int(), endLine: z.int(), endColumn: z.int() };
const outputSchema = z.object({
  comments: z.array(
    z.object({
      file: z.string(),
      ...place,
      level,
      code: z.int(),
      message: z.string(),
      fix: z
        .object({
          replacements: z.array(z.object({ ...place, replacement: z.string() })),
        })
        .nullish(),
    }),
  ),
});

export function createShellCheck(
  environment: Readonly<Record<string, string | undefined>>,
): ShellCheckProgram {
  const known = new Map<string, readonly ShellAnswer[]>();
  const keyOf = ({ shell, text }: ShellQuestion): string => `${shell}\n${text}`;
  return {
    peek: (question) => known.get(keyOf(question)),
    async learn(questions, program = onPath('shellcheck', environment)) {
      if (program === undefined) {
        return false;
      }
      const open = new Map(
        questions()
          .map((one): [string, ShellQuestion] => [keyOf(one), one])
          .filter(([key]) => !known.has(key)),
      );
      if (open.size === 0) {
        return false;
      }
      const answers = await ask(program, [...open.values()]);
      if (answers === undefined) {
        return false;
      }
      if (known.size + open.size > mostKept) {
        known.clear();
      }
      [...open.keys()].forEach((key, i) => {
        known.set(key, answers[i] ?? []);
      });
      return true;
    },
  };
}

/** One run for all texts; they lie in a folder of their own. Undefined where it cannot be run. */
async function ask(
  program: string,
  questions: readonly ShellQuestion[],
): Promise<ShellAnswer[][] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-shellcheck-'));
  try {
    questions.forEach(({ text }, i) => {
      writeFileSync(join(folder, String(i)), text);
    });
    const output = await run(
      program,
      ['--norc', '--format=json1', ...questions.map((_, i) => String(i))],
      folder,
    );
    const result = outputSchema.safeParse(JSON.parse(output));
    if (!result.success) {
      return undefined;
    }
    const answers = questions.map((): ShellAnswer[] => []);
    for (const { file, code, level: grade, message, fix, ...at } of result.data.comments) {
      const text = questions[Number(file)]?.text;
      if (text !== undefined) {
        const lines = new LineIndex(text);
        answers[Number(file)]?.push({
          code: `SC${String(code).padStart(4, '0')}`,
          level: grade,
          message,
          span: spanOf(text, lines, at),
          edits: (fix?.replacements ?? []).map(({ replacement, ...where }) => ({
            span: spanOf(text, lines, where),
            text: replacement,
          })),
        });
      }
    }
    return answers;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ShellCheck counts characters, from 1; a pair of UTF-16 units is one of them. */
function spanOf(text: string, lines: LineIndex, at: Record<keyof typeof place, number>): Span {
  const offset = (line: number, column: number): number => {
    const start = lines.startOf(line - 1);
    return start + [...text.slice(start, start + 2 * column)].slice(0, column - 1).join('').length;
  };
  const start = offset(at.line, at.column);
  return span(start, Math.max(start, offset(at.endLine, at.endColumn)));
}

/** What a program prints, whatever it ends with. @throws Error where it cannot be run, or takes or prints too much */
function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'], timeout: patience });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > mostOutput) {
        child.kill();
      }
    });
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

/** Only absolute folders count: a program in the working directory belongs to the project that is looked at. */
function onPath(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const extension = process.platform === 'win32' ? '.exe' : '';
  return (environment['PATH'] ?? environment['Path'] ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, `${name}${extension}`))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
