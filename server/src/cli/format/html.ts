import { escapeHtml } from '../../ide/weight/html.ts';
import { weightPage } from '../../ide/weight/page.ts';
import { weightStyles } from '../../ide/weight/styles.ts';
import type { LineIndex } from '../../text/lines.ts';
import type { ImageReport } from '../results.ts';

/** Nothing is fetched and nothing runs. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What makes up the images of Dockerfiles as one page that needs no other file; boxes lead to the text below them. */
export function formatHtml(version: string, files: readonly ImageReport[]): string {
  const articles = files.map(({ path, lines, project, before, after, projectAfter, linesAfter }, i) => {
    const { body } = weightPage(
      { image: before.image, lines, project },
      { image: after.image, lines: linesAfter, project: projectAfter },
      { name: path, hrefOf: (line) => `#${idOf(i, line)}` },
    );
    return `<article>\n${body}\n${listing(path, lines, i)}\n</article>`;
  });
  const title = `Weight of ${files.length === 1 ? (files[0]?.path ?? '') : `${files.length} Dockerfiles`}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Ballast ${escapeHtml(version)}">
<title>${escapeHtml(title)}</title>
<style>${weightStyles}</style>
</head>
<body>
<main>
${articles.join('\n<hr>\n')}
</main>
</body>
</html>
`;
}

/** The text of a Dockerfile, each line with a name that links lead to. */
function listing(path: string, lines: LineIndex, file: number): string {
  const rows = lines.text
    .split('\n')
    .map((line, i) => `<li id="${idOf(file, i)}">${escapeHtml(line.replace(/\r$/, ''))}</li>`);
  return `<section><h2>${escapeHtml(path)}</h2><ol class="listing">${rows.join('')}</ol></section>`;
}

function idOf(file: number, line: number): string {
  return `file-${file + 1}-line-${line + 1}`;
}
