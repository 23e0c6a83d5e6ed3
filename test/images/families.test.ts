import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slimReference, smallerReferences, traitsOf } from '../../server/src/images/families/index.ts';
import type { ImageTraits } from '../../server/src/images/knowledge.ts';
import { formatImageReference, parseImageReference } from '../../server/src/images/reference.ts';

function traits(name: string): ImageTraits {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  const found = traitsOf(reference);
  assert.ok(found, `${name} is of a known family`);
  return found;
}

/** One line per image: what its tag alone tells. A dash stands for what is not known. */
function line(name: string): string {
  const { family, variant, distribution, libc, hasShell, packageManager, defaultUser, users } = traits(name);
  const system = distribution === undefined ? '-' : `${distribution.id} ${distribution.version ?? '-'}`;
  const shell = hasShell === undefined ? '-' : hasShell ? 'shell' : 'no shell';
  const others = (users ?? []).map((user) => `${user.name} ${user.uid}`).join(' ');
  return [
    family,
    variant ?? '-',
    system,
    libc ?? '-',
    shell,
    packageManager ?? '-',
    defaultUser ?? '-',
    others || '-',
  ].join(' | ');
}

const lines: Record<string, string> = {
  'node:22': 'node | full | debian 12 | glibc | shell | apt | root | node 1000',
  'node:26': 'node | full | debian 13 | glibc | shell | apt | root | node 1000',
  'node:24-slim': 'node | slim | debian 12 | glibc | shell | apt | root | node 1000',
  'node:22-alpine': 'node | alpine | alpine 3.24 | musl | shell | apk | root | node 1000',
  'node:22-alpine3.20': 'node | alpine | alpine 3.20 | musl | shell | apk | root | node 1000',
  // Which Alpine a patch release was built on depends on its day.
  'node:22.3.0-alpine': 'node | alpine | alpine - | musl | shell | apk | root | node 1000',
  'node:22.3.0-bullseye-slim': 'node | slim | debian 11 | glibc | shell | apt | root | node 1000',
  'node:22.3.0': 'node | full | debian 12 | glibc | shell | apt | root | node 1000',
  'python:3.12-slim': 'python | slim | debian 13 | glibc | shell | apt | root | -',
  'python:3.8-slim': 'python | slim | debian 12 | glibc | shell | apt | root | -',
  golang: 'golang | full | debian 13 | glibc | shell | apt | root | -',
  'golang:1.22': 'golang | full | debian 12 | glibc | shell | apt | root | -',
  'rust:1-alpine': 'rust | alpine | alpine 3.24 | musl | shell | apk | root | -',
  'php:8.3-fpm': 'php | fpm | debian 13 | glibc | shell | apt | root | www-data 33',
  'php:8.3-fpm-alpine': 'php | fpm-alpine | alpine 3.24 | musl | shell | apk | root | www-data 82',
  // Ubuntu has a user with uid 1000 from 23.04 on, and so has what is built on it.
  'ubuntu:22.04': 'ubuntu | - | ubuntu 22.04 | glibc | shell | apt | root | -',
  'ubuntu:24.04': 'ubuntu | - | ubuntu 24.04 | glibc | shell | apt | root | ubuntu 1000',
  'ubuntu:noble-20240605': 'ubuntu | - | ubuntu 24.04 | glibc | shell | apt | root | ubuntu 1000',
  'eclipse-temurin:21-jdk-noble':
    'eclipse-temurin | jdk | ubuntu 24.04 | glibc | shell | apt | root | ubuntu 1000',
  'eclipse-temurin:21-jre': 'eclipse-temurin | jre | ubuntu 26.04 | glibc | shell | apt | root | ubuntu 1000',
  'eclipse-temurin:21-jre-alpine-3.22':
    'eclipse-temurin | jre-alpine | alpine 3.22 | musl | shell | apk | root | -',
  'openjdk:17-jdk-slim': 'openjdk | jdk-slim | debian - | glibc | shell | apt | root | -',
  'openjdk:17-oraclelinux8': 'openjdk | jdk | oraclelinux 8 | glibc | shell | microdnf | root | -',
  'amazoncorretto:21': 'amazoncorretto | jdk | amazonlinux 2023 | glibc | shell | dnf | root | -',
  'gradle:8-jdk21-alpine': 'gradle | jdk21-alpine | alpine - | musl | shell | apk | root | gradle 1000',
  'debian:12-slim': 'debian | slim | debian 12 | glibc | shell | apt | root | -',
  debian: 'debian | full | debian 13 | glibc | shell | apt | root | -',
  'alpine:3.20.1': 'alpine | - | alpine 3.20 | musl | shell | apk | root | -',
  'alpine:edge': 'alpine | - | alpine - | musl | shell | apk | root | -',
  'busybox:musl': 'busybox | musl | busybox - | musl | shell | - | root | -',
  'rockylinux:9-minimal': 'rockylinux | minimal | rockylinux 9 | glibc | shell | microdnf | root | -',
  'centos:7': 'centos | - | centos 7 | glibc | shell | yum | root | -',
  'nginx:alpine': 'nginx | alpine | alpine 3.24 | musl | shell | apk | root | nginx 101',
  'nginxinc/nginx-unprivileged:1.29':
    'nginx-unprivileged | full | debian - | glibc | shell | apt | 101 | nginx 101',
  'postgres:17': 'postgres | full | debian 13 | glibc | shell | apt | root | postgres 999',
  'postgres:17-alpine': 'postgres | alpine | alpine 3.24 | musl | shell | apk | root | postgres 70',
  'mcr.microsoft.com/dotnet/aspnet:8.0':
    'dotnet | aspnet-full | debian 12 | glibc | shell | apt | root | app 1654',
  'mcr.microsoft.com/dotnet/core/aspnet:3.1':
    'dotnet | aspnet-full | debian 10 | glibc | shell | apt | root | -',
  'tomcat:9.0': 'tomcat | full | - | glibc | shell | apt | root | -',
  'tomcat:10.1-jdk21-temurin-noble':
    'tomcat | full | ubuntu 24.04 | glibc | shell | apt | root | ubuntu 1000',
  'tomcat:8.5-jre8-alpine': 'tomcat | alpine | alpine - | musl | shell | apk | root | -',
  'mcr.microsoft.com/dotnet/aspnet:10.0':
    'dotnet | aspnet-full | ubuntu 24.04 | glibc | shell | apt | root | app 1654 ubuntu 1000',
  'mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled':
    'dotnet | aspnet-chiseled | ubuntu 22.04 | glibc | no shell | - | 1654 | app 1654',
  'gcr.io/distroless/static-debian12':
    'distroless | static | debian 12 | none | no shell | - | root | nonroot 65532',
  'gcr.io/distroless/nodejs22-debian13:nonroot':
    'distroless | nodejs | debian 13 | glibc | no shell | - | 65532 | nonroot 65532',
  'gcr.io/distroless/base-debian12:debug':
    'distroless | base | debian 12 | glibc | - | - | root | nonroot 65532',
  'cgr.dev/chainguard/node': 'chainguard | node | wolfi - | glibc | no shell | - | 65532 | nonroot 65532',
  'cgr.dev/chainguard/node:latest-dev':
    'chainguard | node | wolfi - | glibc | shell | apk | 65532 | nonroot 65532',
  'oven/bun:1-distroless': 'bun | distroless | debian - | glibc | no shell | - | - | -',
  scratch: 'scratch | - | - | none | no shell | - | root | -',
};

for (const [name, expected] of Object.entries(lines)) {
  test(`${name} is ${expected}`, () => {
    assert.equal(line(name), expected);
  });
}

test('probe tools are those that each variant has', () => {
  const has = (name: string, tool: string): boolean | undefined => {
    const { tools, missingTools } = traits(name);
    assert.ok(!(tools?.includes(tool) && missingTools?.includes(tool)), `${name} both has and lacks ${tool}`);
    return tools?.includes(tool) ? true : missingTools?.includes(tool) ? false : undefined;
  };
  const table: [image: string, curl: boolean | undefined, wget: boolean | undefined][] = [
    ['node:22', true, true],
    ['node:22-slim', false, false],
    ['node:22-alpine', false, true],
    ['python:3.12-slim', false, false],
    ['php:8.3-fpm', true, false],
    ['php:8.3-cli-alpine', true, true],
    ['eclipse-temurin:21-jre', true, true],
    ['eclipse-temurin:21-jre-alpine', false, true],
    ['nginx', true, false],
    ['nginx:alpine', true, true],
    ['nginx:alpine-slim', false, true],
    ['httpd:2.4', false, false],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', false, false],
    ['mcr.microsoft.com/dotnet/sdk:8.0', true, true],
    ['gcr.io/distroless/static', false, false],
  ];
  for (const [image, curl, wget] of table) {
    assert.deepEqual([image, has(image, 'curl'), has(image, 'wget')], [image, curl, wget]);
  }
  assert.equal(has('postgres:16', 'pg_isready'), true);
  assert.equal(has('redis:7', 'redis-cli'), true);
  assert.equal(has('mysql:8', 'mysqladmin'), true);
});

test('adduser left Debian with release 13', () => {
  assert.ok(traits('python:3.12-slim-bookworm').tools?.includes('adduser'));
  assert.ok(traits('python:3.12-slim').missingTools?.includes('adduser'));
  assert.ok(!traits('node:99.1.0').missingTools?.includes('adduser'), 'not known without the release');
});

test('servers run by themselves and expose their ports; languages do not', () => {
  assert.deepEqual([traits('nginx').isServer, traits('nginx').exposedPorts], [true, [80]]);
  assert.deepEqual(traits('nginxinc/nginx-unprivileged').exposedPorts, [8080]);
  assert.equal(traits('postgres:17').isServer, true);
  assert.equal(traits('php:8.3-fpm').isServer, true);
  assert.equal(traits('php:8.3-cli').isServer, false);
  assert.equal(traits('node:22').isServer, false);
});

test('the interpreter is the entry point of distroless images', () => {
  assert.deepEqual(traits('gcr.io/distroless/nodejs22-debian13').entrypoint, ['/nodejs/bin/node']);
  assert.equal(traits('gcr.io/distroless/static').entrypoint, undefined);
});

test('Windows images are left alone', () => {
  const windows = traits('golang:1.26-windowsservercore-ltsc2025');
  assert.deepEqual(
    [windows.variant, windows.hasShell, windows.packageManager],
    ['windows', undefined, undefined],
  );
});

test('an image of no known family has no traits', () => {
  for (const name of ['example.com/app', 'bitnami/node', 'ghcr.io/library/node']) {
    const reference = parseImageReference(name);
    assert.ok(reference);
    assert.equal(traitsOf(reference), undefined, name);
  }
});

/** Smaller variants as the publishers tag them; source: library/* of docker-library/official-images, 2026-08-21. */
const smaller: Record<string, readonly string[]> = {
  'node:22-bookworm': ['node:22-bookworm-slim', 'node:22-alpine', 'gcr.io/distroless/nodejs22-debian13'],
  'python:3.12-bookworm': ['python:3.12-slim-bookworm', 'python:3.12-alpine'],
  'ruby:3.3-trixie': ['ruby:3.3-slim-trixie', 'ruby:3.3-alpine'],
  'rust:1.79-bookworm': ['rust:1.79-slim-bookworm', 'rust:1.79-alpine'],
  'golang:1.24-bookworm': ['golang:1.24-alpine'],
  'elixir:1.18-otp-27': ['elixir:1.18-otp-27-slim', 'elixir:1.18-otp-27-alpine'],
  'erlang:27': ['erlang:27-slim', 'erlang:27-alpine'],
  'perl:5.40-bookworm': ['perl:5.40-slim-bookworm'],
  'php:8.3-fpm-bookworm': ['php:8.3-fpm-alpine'],
  'php:8.3-apache': [],
  'debian:experimental': [],
  'nginx:1.21': ['nginx:1.21-alpine'],
  'nginx:1.27': ['nginx:1.27-alpine', 'nginx:1.27-alpine-slim'],
  'eclipse-temurin:21-jdk-jammy': [
    'eclipse-temurin:21-jre-jammy',
    'eclipse-temurin:21-jre-alpine',
    'eclipse-temurin:21-alpine',
    'gcr.io/distroless/java21-debian13',
  ],
  'mcr.microsoft.com/dotnet/aspnet:5.0': ['mcr.microsoft.com/dotnet/aspnet:5.0-alpine'],
  'mcr.microsoft.com/dotnet/aspnet:9.0': [
    'mcr.microsoft.com/dotnet/aspnet:9.0-alpine',
    'mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled',
  ],
  // Words that nobody here knows: which variants such a tag has is not known.
  'eclipse-temurin:21-jdk-ubi9-minimal': [],
  'perl:5.40-threaded': [],
  'python:3.15-rc': [],
  'oven/bun:canary': [],
  'denoland/deno:2': [],
  'denoland/deno:2.1.4': ['denoland/deno:alpine-2.1.4', 'denoland/deno:distroless-2.1.4'],
  // A mirror has the variants of what it mirrors.
  'public.ecr.aws/docker/library/python:3.11': [
    'public.ecr.aws/docker/library/python:3.11-slim',
    'public.ecr.aws/docker/library/python:3.11-alpine',
  ],
};

for (const [name, expected] of Object.entries(smaller)) {
  test(`smaller variants of ${name}`, () => {
    const reference = parseImageReference(name);
    assert.ok(reference);
    assert.deepEqual(smallerReferences(reference), expected);
  });
}

test('the slim variant names release and variant in the order of its family', () => {
  const slim = (name: string): string | undefined => {
    const reference = parseImageReference(name);
    const found = reference === undefined ? undefined : slimReference(reference);
    return found === undefined ? undefined : formatImageReference(found);
  };
  assert.equal(slim('node:lts-bookworm'), 'node:lts-bookworm-slim');
  assert.equal(slim('python'), 'python:slim');
  assert.equal(slim('oven/bun:1.2'), 'oven/bun:1.2-slim');
  assert.equal(slim('node:22-slim'), undefined);
  assert.equal(slim('golang:1.24'), undefined);
});
