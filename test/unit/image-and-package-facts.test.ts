import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comesAsSources } from '../../server/src/facts/needs/source-packages.ts';
import { imageFolder } from '../../server/src/images/image-folder.ts';
import { parseImageReference } from '../../server/src/images/reference.ts';

test('The WORKDIR of an image follows its tag, and is not known where it changed over time', () => {
  const folders = Object.entries({
    'perl:5.42': '/usr/src/app',
    'perl:5.30-slim': '/',
    'perl:5.36': undefined,
    'perl:5.38.0': undefined,
    'drupal:11-apache': '/opt/drupal',
    'drupal:8': undefined,
    'wordpress:6-php8.3-fpm': '/var/www/html',
    'ghcr.io/astral-sh/uv:0.9': '/io',
    'ghcr.io/astral-sh/uv:python3.12-bookworm-slim': '/',
    'ghcr.io/astral-sh/uv:debian-slim': '/',
    'astral/uv:python3.13-alpine': '/',
    'hseeberger/scala-sbt:11.0.12_1.5.5_2.13.6': '/root',
    'cgr.dev/chainguard/jre:latest': undefined,
    'cgr.dev/chainguard/static': '/',
    'mcr.microsoft.com/playwright/mcp': undefined,
    'node:22': '/',
  });
  for (const [image, folder] of folders) {
    const reference = parseImageReference(image);
    assert.ok(reference !== undefined, image);
    assert.equal(imageFolder(reference), folder, image);
  }
});

test('A package of PyPI is compiled where the version that is asked for has no wheel', () => {
  for (const line of [
    'mysqlclient',
    'psycopg2>=2.9',
    'uWSGI==2.0.28',
    'python_ldap',
    '"pygraphviz<2"',
    'pygraphviz==1.14',
    'xmlsec==1.3.13 ; python_version > "3.8"',
    'pygraphviz[x] ~= 1.9',
  ]) {
    assert.equal(comesAsSources(line), true, line);
  }
  for (const line of [
    'pygraphviz',
    'pygraphviz>=1.11',
    'pygraphviz==2.0.4',
    'xmlsec<2',
    'psycopg2-binary',
    'pymssql',
    'gpsd-py3',
    'requests',
    '',
    '# mysqlclient',
  ]) {
    assert.equal(comesAsSources(line), false, line);
  }
});
