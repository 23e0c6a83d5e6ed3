import { parse } from 'yaml';
import type { Sample } from './examine.ts';
import { mutate } from './mutate.ts';
import { below, pick, type Random } from './random.ts';
import { shellScript } from './shell.ts';

/** Texts that readers of formats have stumbled over, whatever the format. */
const hostile = [
  '',
  '\0',
  '\uFEFF{}',
  'null',
  '[]',
  '""',
  '{',
  '{"a":',
  '[[[[[[[['.repeat(200),
  '{"a":'.repeat(500),
  '<a>'.repeat(500),
  '<!DOCTYPE a [<!ENTITY b "&b;">]><a>&b;</a>',
  '- '.repeat(500),
  'a: &a [*a, *a]\n',
  'x: &x {<<: *x}\n',
  '{"__proto__": {"a": 1}, "constructor": "a", "scripts": ["a"], "dependencies": "x", "name": 7}',
  '{"a": {"toString": 1}, "name": {"toString": 1}, "scripts": {"build": {"toString": 1}, "start": ["a", {}]}}',
  'services: { a: { image: { toString: 1 }, command: [{ toString: 1 }], ports: [[[]]], environment: [{ toString: 1 }] } }\n',
  'kind: Pod\nspec: { containers: [{ name: { toString: 1 }, image: [], env: [{ name: a, value: {} }] }] }\n',
  '{"main": "a\\nINJECTED b", "scripts": {"start": "node a\\nINJECTED b.js", "build": "vite build --outDir a\\nINJECTED"}}',
  '{"scripts": {"start": "npm start", "build": "npm run build"}, "main": {}, "workspaces": {"packages": 1}}',
  'services: [a, b]\n',
  'services:\n  a: null\n  b: { build: 7, ports: { a: 1 }, user: [], volumes: [null, 1, {}] }\n',
  'services:\n  a: { build: { context: ../../.., dockerfile: /etc/passwd } }\n',
  'services:\n  a: { build: ., extends: { service: a } }\n',
  'target "a" { inherits = ["a"] context = "../.." dockerfile = "x" }\n',
  'target "a" {\n',
  'target = [',
  '[tool.poetry]\nname = 7\n[tool.poetry.dependencies]\npython = []\n',
  'a = "\n[a]\n[a]\n',
  '-r requirements.txt\n-e .\n--hash\n',
  "source 'x'\ngem",
  'module a\nreplace (\n',
  '*\n!*\n**/**/**\n[\n\\\n',
  '\n'.repeat(2000),
  ' '.repeat(5000),
  'a'.repeat(20_000),
];

const names = [
  '.dockerignore',
  'Dockerfile.dockerignore',
  '.gitignore',
  '.env',
  'package.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'tsconfig.json',
  'requirements.txt',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'Pipfile',
  'Pipfile.lock',
  'setup.py',
  'go.mod',
  'Cargo.toml',
  'Cargo.lock',
  'Gemfile',
  'Gemfile.lock',
  'composer.json',
  'composer.lock',
  'pom.xml',
  'build.gradle',
  'app.csproj',
  'mix.exs',
  'build.sbt',
  'pubspec.yaml',
  'deno.json',
  'compose.yaml',
  'docker-compose.yml',
  'docker-compose.override.yml',
  'docker-bake.hcl',
  'docker-bake.json',
  'k8s/deployment.yaml',
  'Makefile',
  'server.js',
  'app.py',
  'start.sh',
  'entrypoint.sh',
  'a\nINJECTED b.js',
  'requirements\nINJECTED.txt',
  '.github/workflows/ci.yml',
];

/** Where links lead to that are no good. */
const targets = ['/etc', '/dev/zero', '/proc/self/environ', '..', '.', 'package.json', 'nowhere', 'loop'];

/**
 * A folder of files of one or two others, of which some are changed, with some that are hostile: the Dockerfile in the
 * root or below it, under Compose and Bake files that build it, sometimes with links.
 */
export function projectOf(samples: readonly Sample[], random: Random): Sample {
  const one = pick(samples, random);
  const other = pick(samples, random);
  const folder = pick(['', '', 'svc/', 'a/b/'], random);
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries({ ...other.files, ...one.files })) {
    if (path !== '.git/index') {
      files[`${folder}${path}`] =
        random() < 0.3
          ? mutate(text, pick(hostile, random), random)
          : random() < 0.2
            ? retyped(text, random)
            : text;
    }
  }
  for (let count = below(5, random); count > 0; count--) {
    files[`${pick(['', folder], random)}${pick(names, random)}`] = pick(hostile, random);
  }
  if (random() < 0.3) {
    files[`${folder}start.sh`] = `#!/bin/sh\n${shellScript(random)}\n`;
  }
  if (random() < 0.4) {
    files['compose.yaml'] = composeFile(folder, random);
  }
  if (random() < 0.2) {
    files['docker-bake.hcl'] =
      `target "app" {\n  context = "${folder}."\n  args = { A = "b" }\n  target = "build"\n}\n`;
  }
  const links: Record<string, string> = {};
  for (let count = random() < 0.3 ? 1 + below(3, random) : 0; count > 0; count--) {
    const path = `${folder}${pick(['link', 'src', 'loop', 'package.json', '.dockerignore'], random)}`;
    if (Object.keys(files).every((file) => file !== path && !file.startsWith(`${path}/`))) {
      links[path] = pick(targets, random);
    }
  }
  return { text: one.text, files: withoutClashes(files), links, dockerfile: `${folder}Dockerfile` };
}

/** Values of every type, to stand where another one is expected. */
const values: readonly unknown[] = [null, 7, true, '', 'x', [], {}, [null], { a: null }, [{ a: [null, {}] }]];

/** The same JSON or YAML, as JSON, with one of its values replaced by one of another type; other text as it is. */
export function retyped(text: string, random: Random): string {
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    return typeof value === 'object' && value !== null ? JSON.stringify(withOther(value, random)) : text;
  } catch {
    return text;
  }
}

function withOther(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.2) {
    return pick(values, random);
  }
  const entries = Object.entries(value);
  const chosen = below(entries.length, random);
  const changed = entries.map(([key, one], i) => [key, i === chosen ? withOther(one, random) : one] as const);
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
}

function composeFile(folder: string, random: Random): string {
  const lines = [
    'services:',
    '  app:',
    '    build:',
    `      context: ${pick([`./${folder}`, '.', '..', '"$' + '{DIR}"'], random)}`,
    ...(random() < 0.5 ? [`      dockerfile: ${pick(['Dockerfile', `${folder}Dockerfile`], random)}`] : []),
    '    ports: ["8080:80"]',
    '    volumes: ["./data:/app/data", "cache:/root"]',
    '    user: "1000"',
    '    command: ["npm", "start"]',
    '    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost"] }',
    '',
  ];
  const text = lines.join('\n');
  return random() < 0.4 ? mutate(text, '', random) : text;
}

/** The same files without those whose path another one needs for a folder. */
function withoutClashes(files: Readonly<Record<string, string>>): Record<string, string> {
  const paths = Object.keys(files);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`))),
  );
}
