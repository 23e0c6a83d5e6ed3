import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ecosystems, packageManagers } from '../../server/src/ecosystems/index.ts';
import { rules } from '../../server/src/rules/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What each folder of server/src may import besides itself, as ARCHITECTURE.md draws it. A folder may also import
 * whatever those it names may import.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  text: [],
  sizes: ['text'],
  syntax: ['sizes'],
  images: ['sizes'],
  project: ['syntax'],
  model: ['syntax', 'images', 'project'],
  distros: ['model'],
  ecosystems: ['model'],
  facts: ['distros', 'ecosystems'],
  fixes: ['facts'],
  rules: ['fixes'],
  engine: ['rules'],
  ide: ['engine'],
  lsp: ['ide'],
  cli: ['ide'],
  host: ['lsp', 'cli'],
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly target: string;
  readonly isType: boolean;
}

const sources = sourcesOf('server/src');
const imports = sources.flatMap(importsOf);

test('every folder of the server has its place', () => {
  const folders = readdirSync(join(root, 'server/src'), { withFileTypes: true });
  assert.deepEqual(
    folders.map((entry) => entry.name).sort(),
    Object.keys(mayImport).sort(),
    'name the folder in test/unit/architecture.test.ts and ARCHITECTURE.md',
  );
});

test('no file is longer than can be read at once', () => {
  const long = sources.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401);
  assert.deepEqual(long, [], 'part it by what its functions are about');
});

test('imports go in one direction', () => {
  const wrong = imports
    .filter(({ target }) => target.startsWith('.'))
    .filter(({ file, folder, target }) => {
      const path = posix.join(posix.dirname(file), target);
      const to = path.startsWith('server/src/') ? (path.split('/')[2] ?? '') : path;
      return to !== folder && !reachable(folder).has(to) && !(folder === 'host' && path === 'package.json');
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  assert.deepEqual(wrong, []);
});

test('nobody takes anything of a rule but the list of all', () => {
  const shared = ['rule.ts', 'index.ts', 'build-checks.ts'];
  const wrong = imports.filter(({ file, target }) => {
    const path = posix.join(posix.dirname(file), target);
    return (
      target.startsWith('.') &&
      path.startsWith('server/src/rules/') &&
      !shared.includes(posix.basename(path)) &&
      file !== 'server/src/rules/index.ts'
    );
  });
  assert.deepEqual(wrong, []);
});

test('no file imports itself through others', () => {
  assert.deepEqual(importCircles(), []);
});

test('only host touches files, network, process and clock', () => {
  const harmless = new Set(['node:path', 'node:url', 'node:util']);
  const wrong = imports
    .filter(({ folder }) => folder !== 'host')
    .filter(({ target }) => (isBuiltin(target) && !harmless.has(target)) || target === 'undici')
    .map(({ file, target }) => `${file} imports ${target}`);
  const globals = sources
    .filter((file) => !file.startsWith('server/src/host/'))
    .filter((file) =>
      /(?<![\w.'"`])(?:process\.\w|fetch\(|setTimeout\(|setInterval\(|Date\.now\(|new Date\(\)|performance\.now\()/.test(
        withoutStrings(codeOf(file)),
      ),
    )
    .map((file) => `${file} uses process, fetch, a timer or a clock`);
  assert.deepEqual([...wrong, ...globals], []);
});

test('only lsp knows the protocol, host opens the connection, nothing knows VS Code', () => {
  const wrong = imports
    .filter(({ folder, target }) => {
      if (target === 'vscode' || target.startsWith('vscode-languageclient')) {
        return true;
      }
      const isProtocol = /^(?:vscode-languageserver|vscode-jsonrpc|dockerfile-language-service)/.test(target);
      return (
        isProtocol && folder !== 'lsp' && !(folder === 'host' && target === 'vscode-languageserver/node')
      );
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  assert.deepEqual(wrong, []);
});

test('the client takes nothing from the server but types and the names of messages', () => {
  const wrong = sourcesOf('client/src')
    .flatMap(importsOf)
    .filter(({ file, target }) => posix.join(posix.dirname(file), target).startsWith('server/'))
    .filter(({ target, isType }) => !isType && !target.endsWith('/server/src/lsp/messages.ts'))
    .map(({ file, target }) => `${file} imports ${target}`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(importsOf('server/src/lsp/messages.ts'), []);
});

/** Files that put constants of their own together to a pattern. */
const composedPatterns: Readonly<Record<string, string>> = {
  'server/src/facts/service/framework-health-route.ts': 'names of routes',
  'server/src/facts/service/health-route.ts': 'names of routes and of servers',
  'server/src/images/end-of-life.ts': 'names of releases of the catalogue',
  'server/src/project/dockerignore.ts': 'the spaces of Go',
  'server/src/ecosystems/node/static-site.ts': 'two options of bundlers',
  'server/src/host/images/challenge.ts': 'the token of HTTP',
};

test('no text from outside becomes a pattern', () => {
  const composed = sources.filter((file) => /\bRegExp\(/.test(codeOf(file)));
  assert.deepEqual(
    composed.sort(),
    Object.keys(composedPatterns).sort(),
    'compare strings (text/mentions.ts, text/wildcard.ts); a name such as (a+)+ or libstdc++ is no pattern',
  );
});

/**
 * Folders that know package managers by name: each one's own, and what is known of images and distributions. Facts, fixes
 * and rules still name those whose behaviour they describe; what all managers have belongs to PackageManager.
 */
const managerOwners = /^server\/src\/(?:ecosystems\/\w+|images|distros|facts|fixes|rules)\//;

/** Other files that name package managers, and why. */
const namesManagers: Readonly<Record<string, string>> = {
  'server/src/engine/checklist/build-items.ts': 'words for items that no manager is asked about',
  'server/src/engine/estimate/dependency-weight.ts':
    'where Python keeps environments, and that npm ci starts anew',
  'server/src/engine/estimate/run-layer.ts': 'what pruning takes away again',
  'server/src/project/dockerfile-name.ts': 'dart is an ending of file names',
  'server/src/project/formats/gemfile.ts': 'path and gem are words of a Gemfile',
  'server/src/project/named-paths.ts': 'words in front of which paths stand',
};

test('package managers are named where their owner is', () => {
  const names = packageManagers.flatMap(({ programs }) => programs).join('|');
  const named = new RegExp(`'(?:${names})'|[(|/^](?:${names})[|)?\\b]`);
  const files = sources.filter((file) => !managerOwners.test(file) && named.test(codeOf(file)));
  const unexpected = files.filter((file) => !(file in namesManagers));
  assert.deepEqual(unexpected, [], 'ask packageManagers, or give PackageManager another field');
});

test('images are named where their families are', () => {
  // Texts of rules name images as examples: what a rule or fix writes is asked of images/families.
  const named =
    /[`'"](?:(?:gcr\.io|ghcr\.io|mcr\.microsoft\.com|cgr\.dev)\/\w|(?:alpine|busybox|debian|eclipse-temurin|golang|nginx|nginxinc\/[\w-]+|node|php|python|ruby|rust|ubuntu):[\w$])/;
  const wrong = sources.filter(
    (file) => /^server\/src\/(?:ecosystems|facts|fixes|engine)\//.test(file) && named.test(codeOf(file)),
  );
  assert.deepEqual(wrong, [], 'give images/families/runtime-bases.ts a function that names it');
});

test('YAML is parsed in one place, which refuses what is nested too deeply', () => {
  const wrong = sources.filter(
    (file) =>
      file !== 'server/src/project/formats/yaml.ts' &&
      /import \{[^}]*\bparse\w*[^}]*\} from 'yaml'/.test(codeOf(file)),
  );
  assert.deepEqual(wrong, [], 'ask project/formats/yaml.ts');
});

test('an ecosystem is a folder with three files, and one line in the list', () => {
  const folders = readdirSync(join(root, 'server/src/ecosystems'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const list = codeOf('server/src/ecosystems/index.ts');
  for (const { name } of folders.filter((entry) => entry.name !== 'unsupported')) {
    for (const file of ['index.ts', 'toolchain.ts', 'plan.ts']) {
      assert.ok(sources.includes(`server/src/ecosystems/${name}/${file}`), `${name}/${file} is missing`);
    }
    assert.ok(list.includes(`from './${name}/index.ts'`), `${name} is not in ecosystems/index.ts`);
  }
  const ids = ecosystems.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)], 'two ecosystems have the same id');
  const managers = packageManagers.map(({ id }) => id);
  assert.deepEqual(managers, [...new Set(managers)], 'two package managers have the same id');
});

test('new ecosystems are added without a rule, a fix or the engine naming them', () => {
  const own =
    /\becosystems\/(?:elixir|deno|scala|dart|clojure)\/|['"](?:elixir|deno|scala|dart|clojure)['"] ===|=== ['"](?:elixir|deno|scala|dart|clojure)['"]/;
  const wrong = sources.filter(
    (file) => /^server\/src\/(?:rules|fixes|engine)\//.test(file) && own.test(codeOf(file)),
  );
  assert.deepEqual(wrong, []);
});

test('tables are looked up without what every object has', () => {
  const wrong = sources.flatMap((file) =>
    [
      ...codeOf(file).matchAll(/^ *(?:export )?const (\w+): Readonly<Record<string, .*>> = (?!table\()/gm),
    ].map((match) => `${file}: ${match[1]}`),
  );
  assert.deepEqual(wrong, [], 'make it with table(): a text may say constructor');
});

test('what the server imports is a dependency', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wrong = imports
    .filter(({ target, isType }) => !target.startsWith('.') && !isBuiltin(target) && !isType)
    .map(({ target }) => target.split('/', target.startsWith('@') ? 2 : 1).join('/'))
    .filter((name) => !(name in dependencies));
  assert.deepEqual([...new Set(wrong)], []);
});

test('one rule, one file, one fixture file', () => {
  for (const { meta } of rules) {
    assert.ok(
      existsSync(join(root, `server/src/rules/${meta.id}.ts`)),
      `server/src/rules/${meta.id}.ts is missing`,
    );
    assert.ok(
      existsSync(join(root, `test/fixtures/rules/${meta.id}.md`)),
      `test/fixtures/rules/${meta.id}.md is missing`,
    );
  }
  const ids = new Set(rules.map((rule) => rule.meta.id));
  const definitions = sourcesOf('server/src/rules').flatMap((file) =>
    [...codeOf(file).matchAll(/^ +id: '([^']+)'/gm)].map((match) => ({ file, id: match[1] ?? '' })),
  );
  for (const { file, id } of definitions) {
    assert.equal(file, `server/src/rules/${id}.ts`, `${id} is defined in ${file}`);
    assert.ok(ids.has(id), `${id} is not in server/src/rules/index.ts`);
  }
  assert.equal(definitions.length, rules.length, 'rules and definitions differ in number');
  const fixtures = readdirSync(join(root, 'test/fixtures/rules'), { encoding: 'utf8' });
  for (const fixture of fixtures.filter((name) => name.endsWith('.md'))) {
    assert.ok(ids.has(fixture.replace(/\..*$/, '')), `test/fixtures/rules/${fixture} belongs to no rule`);
  }
});

test('rule names are kebab-case, unique, and in the order of the alphabet', () => {
  const ids = rules.map((rule) => rule.meta.id);
  for (const id of ids) {
    assert.match(id, /^[a-z]+(?:-[a-z]+)+$/);
  }
  assert.deepEqual(ids, [...new Set(ids)].sort());
  for (const { meta } of rules) {
    for (const alias of meta.aliases) {
      assert.match(alias, /^(?:DL\d{4}|[A-Z][A-Za-z]+)$/, `alias of ${meta.id}`);
    }
  }
});

test('the texts of a rule are sentences', () => {
  for (const { meta } of rules) {
    const { what, why, silent, switchOff, fix } = meta.docs;
    assert.match(meta.summary, /^\S[^\n]*\.$/, `summary of ${meta.id}`);
    for (const text of [what, why, silent, switchOff, ...(fix === undefined ? [] : [fix])]) {
      assert.match(text, /^\S.*[.:`)]\n*$/s, `docs of ${meta.id}`);
    }
    assert.doesNotMatch(JSON.stringify(meta), /TODO/, `${meta.id} is not finished`);
    assert.equal(fix === undefined, meta.fix === 'none', `${meta.id} says that it has a fix, or does not`);
    for (const reference of meta.docs.references) {
      assert.match(reference, /https:\/\//, `reference of ${meta.id}`);
    }
  }
});

function reachable(folder: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const next of mayImport[name] ?? []) {
      if (!found.has(next)) {
        found.add(next);
        visit(next);
      }
    }
  };
  visit(folder);
  return found;
}

/** The files that import each other, each circle as its way round, by a walk that goes down and marks what it left. */
function importCircles(): string[] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports.filter((one) => one.target.startsWith('.'))) {
    targets.set(file, [...(targets.get(file) ?? []), posix.join(posix.dirname(file), target)]);
  }
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) {
      circles.push([...way.slice(at), file].join(' -> '));
    } else if (!done.has(file)) {
      for (const target of targets.get(file) ?? []) {
        visit(target, [...way, file]);
      }
      done.add(file);
    }
  };
  for (const file of sources) {
    visit(file, []);
  }
  return circles;
}

/** Paths relative to the repository, with `/`. */
function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);
}

function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
}

function withoutStrings(code: string): string {
  return code.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, "''");
}

function importsOf(file: string): Import[] {
  const folder = dirname(file).split('/')[2] ?? '';
  const found = codeOf(file).matchAll(
    /^(import|export)(\s+type)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map((match) => ({
    file,
    folder,
    target: match[3] ?? match[4] ?? match[5] ?? '',
    isType: match[2] !== undefined,
  }));
}
