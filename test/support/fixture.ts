/** One problem that a case marks: `^^^ rule-id fix:safe "part of the message"` under the text it is about. */
export interface Mark {
  readonly line: number;
  readonly start: number;
  readonly length: number;
  readonly rule: string;
  /** Applicability of the first fix; undefined where there must be none. */
  readonly fix: string | undefined;
  readonly message: string | undefined;
}

/** One `##` section of a fixture file. */
export interface FixtureCase {
  readonly title: string;
  /** The Dockerfile without its marks. */
  readonly text: string;
  readonly marks: readonly Mark[];
  /** Files of the build context; undefined where the case names none, so that the project is not known. */
  readonly files: Readonly<Record<string, string>> | undefined;
  /** Whether files may be executed, where a case says so: `file=start.sh mode=644`. */
  readonly executable: Readonly<Record<string, boolean>>;
  /** Whole text after the first fix of the n-th problem, by `1`, `2` …; `all` after every fix. */
  readonly after: ReadonlyMap<string, string>;
  /** What the fixes write beside the Dockerfile, by path. */
  readonly afterFiles: ReadonlyMap<string, string>;
}

interface Block {
  readonly info: string;
  readonly body: string;
}

const markLine = /^(\s*)(\^+) ([a-z][a-z0-9-]*)(?: fix:(safe|review|manual))?(?: "(.*)")?$/;

/** Reads a fixture file: markdown with a `##` heading for each case, prose, and fenced blocks. */
export function readFixtures(markdown: string): FixtureCase[] {
  return sections(markdown).map(({ title, body }) => {
    const blocks = fencedBlocks(body);
    const input = blocks.find((block) => block.info === 'dockerfile');
    const { text, marks } = takeMarks(input?.body ?? '');
    const files = blocks.filter((block) => / file=/.test(block.info) && !/ after/.test(block.info));
    const hasProject = files.length > 0 || body.includes('(an empty project)');
    return {
      title,
      text,
      marks,
      files: hasProject ? Object.fromEntries(files.map((block) => [pathOf(block), block.body])) : undefined,
      executable: Object.fromEntries(
        files.flatMap((block) => {
          const mode = / mode=(\d+)/.exec(block.info)?.[1];
          return mode === undefined ? [] : [[pathOf(block), /[1357]/.test(mode)]];
        }),
      ),
      after: new Map(
        blocks
          .filter((block) => /^dockerfile after/.test(block.info))
          .map((block) => [block.info.replace(/^dockerfile after ?/, '') || '1', block.body]),
      ),
      afterFiles: new Map(
        blocks.filter((block) => / after file=/.test(block.info)).map((block) => [pathOf(block), block.body]),
      ),
    };
  });
}

function pathOf(block: Block): string {
  return / file=(\S+)/.exec(block.info)?.[1] ?? '';
}

function sections(markdown: string): { title: string; body: string }[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return { title: section.slice(0, end).trim(), body: section.slice(end + 1) };
    });
}

function fencedBlocks(body: string): Block[] {
  return [...body.matchAll(/^(`{3,4})([^\n`]*)\n([\s\S]*?)^\1\s*$/gm)].map((match) => ({
    info: (match[2] ?? '').trim(),
    body: match[3] ?? '',
  }));
}

function takeMarks(body: string): { text: string; marks: Mark[] } {
  const lines: string[] = [];
  const marks: Mark[] = [];
  for (const line of body.split('\n')) {
    const match = markLine.exec(line);
    if (match === null) {
      lines.push(line);
    } else {
      marks.push({
        line: lines.length - 1,
        start: (match[1] ?? '').length,
        length: (match[2] ?? '').length,
        rule: match[3] ?? '',
        fix: match[4],
        message: match[5],
      });
    }
  }
  return { text: lines.join('\n'), marks };
}

/** Writes a mark as it stands in a fixture. */
export function formatMark(mark: Mark): string {
  const fix = mark.fix === undefined ? '' : ` fix:${mark.fix}`;
  const message = mark.message === undefined ? '' : ` "${mark.message}"`;
  return `${' '.repeat(mark.start)}${'^'.repeat(mark.length)} ${mark.rule}${fix}${message}`;
}

/** A Dockerfile with marks under its lines. */
export function drawMarks(text: string, marks: readonly Mark[]): string {
  return text
    .split('\n')
    .flatMap((line, i) => [line, ...marks.filter((mark) => mark.line === i).map(formatMark)])
    .join('\n');
}

/** Puts new expectations into a fixture file: the marked text of a case, and its `after` blocks. */
export function rewriteCase(
  markdown: string,
  title: string,
  input: string,
  after: ReadonlyMap<string, string>,
  afterFiles: ReadonlyMap<string, string>,
): string {
  const start = markdown.indexOf(`## ${title}\n`);
  const next = markdown.indexOf('\n## ', start + 1);
  const end = next < 0 ? markdown.length : next + 1;
  let section = markdown.slice(start, end);
  section = section.replace(/^(`{3,4})dockerfile after[^\n]*\n[\s\S]*?^\1[ \t]*\n\n?/gm, '');
  section = section.replace(/^(`{3,4})\S+ after file=[^\n]*\n[\s\S]*?^\1[ \t]*\n\n?/gm, '');
  section = section.replace(/^```dockerfile\n[\s\S]*?^```/m, () => `\`\`\`dockerfile\n${input}\`\`\``);
  const blocks = [
    ...[...after].map(
      ([name, text]) => `\`\`\`dockerfile after${name === '1' ? '' : ` ${name}`}\n${text}\`\`\`\n`,
    ),
    ...[...afterFiles].map(([path, text]) => `\`\`\`text after file=${path}\n${text}\`\`\`\n`),
  ];
  section = `${section.trimEnd()}\n${blocks.map((block) => `\n${block}`).join('')}${next < 0 ? '' : '\n'}`;
  return markdown.slice(0, start) + section + markdown.slice(end);
}
