const start = '<!-- agreement: written by `npm run hadolint` -->';
const end = '<!-- end of agreement -->';

/** How often a code was found for an instruction: by both, or by one alone. */
export interface Agreement {
  readonly code: string;
  /** Rules that stand for it. */
  readonly rules: readonly string[];
  readonly both: number;
  readonly hadolint: number;
  readonly ballast: number;
}

/** What was compared. */
interface About {
  readonly files: number;
  /** Files that hadolint could not read. */
  readonly unread: number;
  readonly version: string;
  /** ISO date. */
  readonly date: string;
}

/** The page with its table written anew between its two markers. */
export function withAgreement(page: string, agreements: readonly Agreement[], about: About): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`docs/hadolint.md must hold the lines "${start}" and "${end}"`);
  }
  const rows = agreements
    .filter(({ both, hadolint, ballast }) => both + hadolint + ballast > 0)
    .map(({ code, rules, both, hadolint, ballast }) =>
      row([
        code,
        rules.join(', ') || '—',
        both,
        hadolint,
        ballast,
        rules.length === 0 ? '' : `${Math.floor((100 * both) / (both + hadolint + ballast))} %`,
      ]),
    );
  const head = [
    row(['code', 'rule', 'both', 'hadolint alone', 'Ballast alone', 'same']),
    '|---|---|---:|---:|---:|---:|',
  ];
  const text = `hadolint ${about.version} and Ballast over ${about.files} public Dockerfiles on ${about.date} (${about.unread} more could not be read by
hadolint), each looking at the text alone, with a schema of nine labels that are wide-spread and no others allowed; counted are instructions.\n\n${[...head, ...rows].join('\n')}`;
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
