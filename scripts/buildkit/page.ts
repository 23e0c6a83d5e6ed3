/** A file of which BuildKit and Ballast say different things. */
export interface Difference {
  readonly file: string;
  /** `verdict`, or the name of a check. */
  readonly what: string;
  /** What BuildKit says; undefined where it says nothing. */
  readonly buildKit: string | undefined;
  readonly ballast: string | undefined;
}

interface Comparison {
  readonly release: string;
  /** ISO date. */
  readonly date: string;
  readonly files: number;
  readonly refused: number;
  readonly differences: readonly Difference[];
}

/** The page that says where Ballast and BuildKit differ over public Dockerfiles. */
export function comparisonPage({ release, date, files, refused, differences }: Comparison): string {
  const verdicts = differences.filter((one) => one.what === 'verdict');
  const checks = [...new Set(differences.map((one) => one.what))].filter((what) => what !== 'verdict').sort();
  const rows = checks.map((name) => {
    const of = differences.filter((one) => one.what === name);
    const theirs = of.filter((one) => one.ballast === undefined).length;
    return `| ${name} | ${theirs} | ${of.length - theirs} |`;
  });
  const sameVerdict = files - verdicts.length;
  return `# Ballast beside BuildKit

Whether a build starts is not a matter of taste: what BuildKit refuses, Ballast calls an error, and nothing else. Both were
asked for ${files} public Dockerfiles on ${date}: BuildKit ${release} through the Go packages that \`docker build --check\` runs on,
as a build on linux/amd64 that is told nothing, with base images that are there; Ballast through its engine, without the
files around a Dockerfile. \`npm run buildkit -- FOLDER\` makes this page from the Dockerfiles below a folder.

| | files |
|---|---|
| asked | ${files} |
| refused by BuildKit | ${refused} |
| same verdict | ${sameVerdict} |
| refused by BuildKit alone | ${verdicts.filter((one) => one.buildKit !== undefined).length} |
| refused by Ballast alone | ${verdicts.filter((one) => one.buildKit === undefined).length} |

## Different verdicts

Two kinds are meant to differ: a name that only a build argument decides is a finding (\`from-needs-build-argument\`) and no
error, since the build that gives the argument works; and a line that starts with an instruction behind a \`\\\` that was left
behind is reported, where BuildKit joins the two.

${
  verdicts.length === 0
    ? 'None.\n'
    : `| file | BuildKit | Ballast |\n|---|---|---|\n${verdicts
        .map(({ file, buildKit, ballast }) => `| ${cell(file)} | ${cell(buildKit)} | ${cell(ballast)} |`)
        .join('\n')}\n`
}
## Checks

Files in which one of the two says a check that the other does not. \`CopyIgnoredFile\` and \`InvalidBaseImagePlatform\` are left
out: they depend on the files around the Dockerfile and on the image. \`UndefinedVar\` is not said of stages on images that
Ballast does not know, which may set anything; \`WorkdirRelativePath\` not of a folder that a build argument decides.

${rows.length === 0 ? 'None.\n' : `| check | BuildKit alone | Ballast alone |\n|---|---|---|\n${rows.join('\n')}\n`}`;
}

function cell(text: string | undefined): string {
  const plain = (text ?? '—').replace(/[|\n\r`]/g, ' ');
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain;
}
