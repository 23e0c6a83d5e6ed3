import { below, pick, type Random } from './random.ts';

const programs = [
  'apt-get install -y',
  'apt-get update',
  'apk add --no-cache',
  'dnf -y install',
  'npm ci',
  'npm run build',
  'yarn install --frozen-lockfile',
  'pnpm install',
  'pip install -r requirements.txt',
  'poetry install',
  'uv sync',
  'bundle install',
  'composer install',
  'go build -o /app',
  'cargo build --release',
  'mvn package',
  'dotnet publish -c Release -o /out',
  'curl -fsSL https://example.com/a.tgz',
  'wget -O /a',
  'tar -xzf',
  'chmod -R 777',
  'chown app:app',
  'rm -rf',
  'cd',
  'export',
  'set -e',
  'echo',
  'printf',
  'sed -i',
  'useradd -m',
  'git clone',
  'sudo',
  'exec',
  'source',
  'eval',
  'sh -c',
  'xargs',
  'find / -name',
  'test -f',
  '[',
  ':',
];

const words = [
  'curl',
  'constructor',
  '__proto__',
  '/app',
  '../..',
  '/var/lib/apt/lists/*',
  '.',
  '-',
  '--',
  '--help',
  'a=b',
  "'a b'",
  '"a $B"',
  '"',
  "'",
  '$HOME',
  '$' + '{A}',
  '$' + '{A:-b}',
  '$' + '{A%%*x*}',
  '$' + '{!A[@]}',
  '$((1+2))',
  '$?',
  '`date`',
  '*',
  '{a,b}',
  '~',
  '\\',
  '\\ ',
  'é🐳',
  '\t',
  '#x',
  '2>&1',
  '> /dev/null',
  '< a',
  '<<< a',
  ']',
  '}',
  ')',
  ';;',
];

/** A script such as a shell may be given, and now and then none that it takes: the words of RUN, CMD and start scripts. */
export function shellScript(random: Random, depth = 3): string {
  const inner = (): string => shellScript(random, depth - 1);
  if (depth <= 0) {
    return command(random);
  }
  switch (below(14, random)) {
    case 0:
    case 1:
    case 2:
      return `${inner()} && ${inner()}`;
    case 3:
      return `${inner()} || ${inner()}`;
    case 4:
      return `${inner()}; ${inner()}`;
    case 5:
      return `${inner()} | ${inner()}`;
    case 6:
      return `(${inner()})`;
    case 7:
      return `if ${inner()}; then ${inner()}; else ${inner()}; fi`;
    case 8:
      return `for x in ${command(random)}; do ${inner()}; done`;
    case 9:
      return `while ${inner()}; do ${inner()}; done`;
    case 10:
      return `case $1 in a) ${inner()} ;; *) ${inner()} ;; esac`;
    case 11:
      return `f() { ${inner()}; }; f`;
    case 12:
      return `A=$(${inner()}) ${command(random)}`;
    default:
      return command(random);
  }
}

function command(random: Random): string {
  const count = below(4, random);
  return [pick(programs, random), ...Array.from({ length: count }, () => pick(words, random))].join(' ');
}

/** An instruction that runs a script: on one line, on many, in brackets, or in a heredoc. */
export function runInstruction(random: Random): string {
  const script = shellScript(random);
  switch (below(5, random)) {
    case 0:
      return `RUN ${script.replaceAll(' && ', ' \\\n  && ')}`;
    case 1:
      return `RUN <<EOF\n${script.replaceAll(' && ', '\n')}\nEOF`;
    case 2:
      return `RUN ["sh", "-c", ${JSON.stringify(script)}]`;
    case 3:
      return `CMD ${script}`;
    default:
      return `RUN ${script}`;
  }
}
