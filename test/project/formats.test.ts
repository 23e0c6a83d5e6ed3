import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCargoLock, readCargoManifest } from '../../server/src/project/formats/cargo.ts';
import { readGemfile, readGemfileLock } from '../../server/src/project/formats/gemfile.ts';
import { readGoMod } from '../../server/src/project/formats/go-mod.ts';
import { gradleCode } from '../../server/src/project/formats/gradle.ts';
import { readDotnetProject } from '../../server/src/project/formats/msbuild.ts';
import { readPom } from '../../server/src/project/formats/pom.ts';
import { readRequirements } from '../../server/src/project/formats/requirements.ts';
import { readToml } from '../../server/src/project/formats/toml.ts';
import { readXml } from '../../server/src/project/formats/xml.ts';
import { readYaml } from '../../server/src/project/formats/yaml.ts';
import { workOf } from '../support/work.ts';

test('requirements: names, extras, other files, folders, options, comments and continued lines', () => {
  const text = [
    '\uFEFF# pinned',
    'Django_Environ==0.11  # settings',
    'psycopg[binary, pool] >= 3.2 ; python_version > "3.8"',
    'demo @ https://example.com/demo.zip#sha256=ab',
    '-r base.txt',
    '--constraint=pins.txt',
    '-e ./lib',
    '-e git+https://example.com/x.git#egg=Tool_Kit',
    './wheels/own.whl',
    'own @ file:///srv/own',
    '--index-url https://example.com/simple',
    'requests \\',
    '  == 2.32 --hash=sha256:aa',
  ].join('\r\n');
  const read = readRequirements(text);
  assert.deepEqual(
    read.map((one) => (one.kind === 'package' ? `${one.name}[${one.extras.join()}]` : one.kind)),
    [
      'django-environ[]',
      'psycopg[binary,pool]',
      'demo[]',
      'file',
      'constraint',
      'local',
      'tool-kit[]',
      'local',
      'local',
      'option',
      'requests[]',
    ],
  );
});

test('go.mod: blocks, single lines, folders and comments', () => {
  const read = readGoMod(
    'module "example.com/a" // why\ngo 1.22.1\ntoolchain go1.23.4\nrequire (\n\tgithub.com/x/y v1.0.0 // indirect\n)\nrequire example.com/z v0.1.0\nreplace (\n  example.com/z => ../z\n)\n',
  );
  assert.deepEqual(read, {
    path: 'example.com/a',
    go: '1.22.1',
    toolchain: 'go1.23.4',
    requires: ['github.com/x/y', 'example.com/z'],
    replacements: ['../z'],
  });
});

test('pom.xml: the project’s own values, properties, and what is left out', () => {
  const read = readPom(`<?xml version="1.0"?><!-- <modules/> -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><artifactId>spring-boot-starter-parent</artifactId><version>3.3.1</version><relativePath/></parent>
  <artifactId>shop</artifactId>
  <properties><java.version>21</java.version></properties>
  <dependencies>
    <dependency><artifactId>a</artifactId></dependency>
    <dependency><artifactId>b</artifactId><scope>test</scope></dependency>
  </dependencies>
  <profiles><profile><build><plugins><plugin><configuration><classifier>x</classifier></configuration></plugin></plugins></build></profile></profiles>
</project>`);
  assert.equal(read?.version, '3.3.1');
  assert.equal(read?.artifactId, 'shop');
  assert.equal(read?.properties['java.version'], '21');
  assert.equal(read?.runTimeDependencies, 1);
  assert.equal(read?.hasModules, false);
  assert.equal(read?.namesFiles, false);
  assert.equal(read?.buildHas('classifier'), false);
});

test('project files of .NET: properties of several groups, references, imports', () => {
  const read = readDotnetProject(
    '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><PublishAot>true</PublishAot></PropertyGroup><PropertyGroup Condition="x"><Nullable>enable</Nullable></PropertyGroup><ItemGroup><ProjectReference Include="..\\core\\core.csproj" /></ItemGroup><Import Project="../shared.props" /></Project>',
  );
  assert.equal(read?.sdk, 'Microsoft.NET.Sdk.Web');
  assert.equal(read?.properties['publishaot'], 'true');
  assert.deepEqual(read?.references, ['..\\core\\core.csproj']);
  assert.deepEqual(read?.imports, ['../shared.props']);
});

test('Cargo: programs, members and locked crates', () => {
  const manifest = readCargoManifest(
    '[package]\nname = "a"\n[[bin]]\nname = "x"\npath = "x.rs"\n[workspace]\nmembers = ["m"]\n',
  );
  assert.deepEqual(manifest, {
    name: 'a',
    programs: ['x'],
    members: ['m'],
    dependencies: [],
    hasDependencies: true,
  });
  assert.deepEqual(readCargoLock('[[package]]\nname = "y"\ndependencies = ["cc", "z 1.0.0 (registry)"]\n'), [
    { name: 'y', dependencies: ['cc', 'z'] },
  ]);
});

test('Gemfile and Gemfile.lock', () => {
  const read = readGemfile('# gemspec\nruby file: ".ruby-version"\ngem "a", path: "lib/a"\n');
  assert.deepEqual(read, {
    hasGemspec: false,
    namesFolders: true,
    readsFiles: false,
    versionFile: '.ruby-version',
  });
  const lock = readGemfileLock(
    'GEM\n  specs:\n    rails (8.0.0)\n      rack (>= 2)\n\nPLATFORMS\n  aarch64-linux\n',
  );
  assert.deepEqual([[...lock.gems], lock.platforms], [['rails'], ['aarch64-linux']]);
});

test('Gradle: comments are gone, what is in quotes stays', () => {
  assert.equal(gradleCode('url "https://a" // b\n/* c\n d */ id "x"'), 'url "https://a" \n\n id "x"');
});

/** What a reader may do for a character, on average. */
const mostSteps = 100;

test('no text makes a reader throw, nor takes it long', () => {
  const hostile = [
    '',
    '\u0000',
    '<!--'.repeat(2_000),
    '<a>'.repeat(2_000),
    '[['.repeat(2_000),
    'a = ['.repeat(1_000),
    `${'- '.repeat(1_000)}x`,
    '&a [*a]',
    '{'.repeat(5_000),
    '('.repeat(5_000),
    ' '.repeat(20_000),
    '/*'.repeat(5_000),
    '#'.repeat(20_000),
    '"'.repeat(10_001),
    '\\\n'.repeat(5_000),
    `require (\n${'a\n'.repeat(5_000)}`,
  ];
  for (const text of hostile) {
    for (const read of [
      readCargoLock,
      readCargoManifest,
      readGemfile,
      readGemfileLock,
      readGoMod,
      gradleCode,
      readDotnetProject,
      readPom,
      readRequirements,
      readToml,
      readXml,
      readYaml,
    ]) {
      const steps = workOf(() => read(text));
      assert.ok(
        steps < mostSteps * (text.length + 100),
        `${read.name} took ${steps} steps for ${JSON.stringify(text.slice(0, 20))}`,
      );
    }
  }
});
