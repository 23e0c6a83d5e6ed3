import { table } from '../../text/table.ts';
import { baseName } from '../stage.ts';

/** Programs that run the command behind them and do nothing else; with their options that take a value. */
const starters: Readonly<Record<string, readonly string[]>> = table({
  tini: ['-p', '-e'],
  'dumb-init': ['-r', '--rewrite'],
  catatonit: [],
  'docker-entrypoint.sh': [],
  'docker-php-entrypoint': [],
  exec: ['-a'],
  env: ['-u', '-C'],
  nohup: [],
  time: [],
  nice: ['-n'],
  npx: ['-p', '--package'],
  bunx: [],
  'cross-env': [],
  'cross-env-shell': [],
  dotenv: ['-e', '-c'],
  'ddtrace-run': [],
  'opentelemetry-instrument': [],
  thrust: [],
  jemalloc: [],
});

/** The same, where a verb stands between the program and the command. */
const verbStarters: Readonly<Record<string, readonly string[]>> = table({
  poetry: ['run'],
  uv: ['run'],
  pipenv: ['run'],
  pdm: ['run'],
  rye: ['run'],
  hatch: ['run'],
  bundle: ['exec'],
  npm: ['exec'],
  yarn: ['exec'],
  pnpm: ['exec'],
  doppler: ['run'],
  'newrelic-admin': ['run-program'],
});

/** Programs that wait for a server, or watch files, and run what stands behind `--`. */
const dashStarters = new Set(
  'wait-for wait-for.sh wait-for-it wait-for-it.sh wait-for-postgres.sh wait4x dockerize watchexec'.split(
    ' ',
  ),
);

/** Takes wrappers off the front of a command. */
export function withoutStarters(words: readonly string[]): readonly string[] {
  let rest = words;
  for (;;) {
    const program = baseName(rest[0] ?? '');
    const valued = Object.hasOwn(starters, program) ? starters[program] : undefined;
    const verbs = Object.hasOwn(verbStarters, program) ? verbStarters[program] : undefined;
    const isVerb = verbs?.includes(rest[1] ?? '') === true;
    const behind = dashStarters.has(program) ? rest.slice(rest.indexOf('--') + 1) : [];
    if (/^\w+=/.test(rest[0] ?? '')) {
      rest = rest.slice(1);
    } else if (behind.length > 0 && behind.length < rest.length) {
      rest = behind;
    } else if (valued !== undefined || isVerb) {
      let at = isVerb ? 2 : 1;
      while (/^-/.test(rest[at] ?? '') || (/^\w+=/.test(rest[at] ?? '') && !isVerb)) {
        at += valued?.includes(rest[at] ?? '') === true ? 2 : 1;
      }
      const inner = rest.slice(at);
      if (inner.length === 0) {
        return program === 'docker-entrypoint.sh' ? [] : rest;
      }
      rest = inner;
    } else {
      return rest;
    }
  }
}
