import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import type { EndOfLife } from '../../server/src/images/knowledge.ts';
import { parseImageReference } from '../../server/src/images/reference.ts';

function end(name: string): EndOfLife | undefined {
  const reference = parseImageReference(name);
  assert.ok(reference, name);
  return createCatalogueKnowledge().peek(reference).endOfLife;
}

const table: [image: string, date: string, what: string, replacement?: string][] = [
  ['node:18', '2025-04-30', 'Node.js 18', '24'],
  ['node:18.20.4-bullseye-slim', '2025-04-30', 'Node.js 18', '24-slim'],
  ['node:20-alpine', '2026-04-30', 'Node.js 20', '24-alpine'],
  ['node:24', '2028-04-30', 'Node.js 24'],
  // The distribution under an image may end before what runs on it.
  ['node:18-alpine3.17', '2024-11-22', 'Alpine 3.17', '24-alpine'],
  ['node:22-alpine3.17', '2024-11-22', 'Alpine 3.17', '22-alpine'],
  ['node:22.1.0-alpine3.17', '2024-11-22', 'Alpine 3.17', '22-alpine'],
  ['python:3.12-slim-bullseye', '2026-08-31', 'Debian 11 (long-term support)', '3.12-slim'],
  ['python:3.12.1-slim-bullseye', '2026-08-31', 'Debian 11 (long-term support)', '3.12-slim'],
  // Releases from before anybody pinned anything.
  ['node:8.11-stretch', '2019-12-31', 'Node.js 8', '24'],
  ['golang:1.13', '2020-08-11', 'Go 1.13', '1.26'],
  ['debian:jessie-slim', '2020-06-30', 'Debian 8 (long-term support)', 'bookworm-slim'],
  ['ubuntu:xenial', '2021-04-02', 'Ubuntu 16.04', 'noble'],
  ['python:3.9-slim', '2025-10-31', 'Python 3.9', '3.11-slim'],
  ['python:3.12.1', '2028-06-30', 'Debian 12 (long-term support)', '3.12'],
  ['golang:1.22-alpine', '2025-02-11', 'Go 1.22', '1.26-alpine'],
  ['debian:buster-slim', '2024-06-30', 'Debian 10 (long-term support)', 'bookworm-slim'],
  ['debian:buster-20240612-slim', '2024-06-30', 'Debian 10 (long-term support)', 'bookworm-slim'],
  ['debian:11', '2026-08-31', 'Debian 11 (long-term support)', '12'],
  ['ubuntu:20.04', '2025-05-31', 'Ubuntu 20.04', '24.04'],
  ['ubuntu:focal', '2025-05-31', 'Ubuntu 20.04', 'noble'],
  ['alpine:3.18', '2025-05-09', 'Alpine 3.18', '3.23'],
  ['alpine:3.18.4', '2025-05-09', 'Alpine 3.18', '3.23'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0-alpine', '2026-11-10', '.NET 8', '10.0-alpine'],
  ['mcr.microsoft.com/dotnet/aspnet:5.0-buster-slim', '2022-05-10', '.NET 5', '10.0'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled', '2026-11-10', '.NET 8', '10.0-noble-chiseled'],
  ['postgres:13-alpine', '2025-11-13', 'PostgreSQL 13', '15-alpine'],
  ['centos:7', '2024-06-30', 'CentOS 7'],
  ['amazonlinux:2', '2026-06-30', 'Amazon Linux 2', '2023'],
  ['nginx:1.27-alpine', '2025-06-24', 'nginx 1.27', '1.30-alpine'],
];

for (const [image, date, what, replacement] of table) {
  test(`${image} ends on ${date}`, () => {
    const { source, ...rest } = end(image) ?? { source: '' };
    assert.deepEqual(rest, { date, what, ...(replacement === undefined ? {} : { replacement }) });
    assert.equal(source, 'endoflife.date, 2026-08-22');
  });
}

test('a deprecated image names its successor', () => {
  assert.equal(end('openjdk:17-jdk-slim')?.successor, 'eclipse-temurin:17');
  assert.equal(end('openjdk:8-jre-alpine')?.successor, 'eclipse-temurin:8-jre-alpine');
  assert.equal(end('openjdk')?.successor, 'eclipse-temurin');
});

test('images of frameworks that were given up name what took over', () => {
  assert.equal(end('rails:5')?.what, 'the image rails, in favour of ruby,');
  assert.equal(end('django')?.date, '2016-12-31');
  assert.equal(end('mycompany/rails'), undefined);
});

test('.NET Core moved to the repositories of .NET', () => {
  const { source: _, ...rest } = end('mcr.microsoft.com/dotnet/core/aspnet:3.1-buster-slim') ?? {
    source: '',
  };
  assert.deepEqual(rest, {
    date: '2022-12-13',
    what: '.NET 3.1',
    successor: 'mcr.microsoft.com/dotnet/aspnet:10.0',
  });
  assert.equal(end('mcr.microsoft.com/dotnet/core/sdk:2.1')?.successor, 'mcr.microsoft.com/dotnet/sdk:10.0');
  assert.equal(
    end('mcr.microsoft.com/dotnet/core/runtime:2.2-alpine')?.successor,
    'mcr.microsoft.com/dotnet/runtime:10.0-alpine',
  );
});

test('the official image of Rocky Linux gave way to one of the project', () => {
  assert.equal(end('rockylinux:9-minimal')?.successor, 'rockylinux/rockylinux:9-minimal');
  assert.equal(end('rockylinux/rockylinux:9')?.successor, undefined);
});

test('distroless images on Debian 12 ended before Debian 12 does', () => {
  assert.deepEqual(end('gcr.io/distroless/nodejs22-debian12:nonroot'), {
    date: '2026-01-31',
    what: 'distroless on Debian 12',
    source: 'GoogleContainerTools/distroless SUPPORT_POLICY.md, 2026-08-21',
    successor: 'gcr.io/distroless/nodejs22-debian13:nonroot',
  });
  assert.equal(end('gcr.io/distroless/static-debian12')?.successor, 'gcr.io/distroless/static-debian13');
  assert.equal(
    end('gcr.io/distroless/nodejs20-debian12')?.successor,
    undefined,
    'there is none on Debian 13',
  );
  assert.equal(end('gcr.io/distroless/static-debian13')?.date, '2030-06-30');
  assert.equal(end('gcr.io/distroless/static'), undefined);
});

test('nothing is said where no date is known', () => {
  for (const image of ['alpine:edge', 'scratch', 'example.com/app', 'busybox', 'cgr.dev/chainguard/node']) {
    assert.equal(end(image), undefined, image);
  }
});
