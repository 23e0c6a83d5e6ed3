import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import { catalogueTags } from '../../server/src/images/catalogue.ts';
import { parseImageReference } from '../../server/src/images/reference.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor } from '../support/engine.ts';
import { readFixtures } from '../support/fixture.ts';

/** Every image that a fix writes is one that the catalogue holds: none is made up from parts of a tag. */

const folder = join(import.meta.dirname, '..', 'fixtures', 'rules');

/** Images that a text names in FROM and in `--from`. */
function imagesOf(text: string): string[] {
  return [...text.matchAll(/(?:^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?|--from=|,from=)([^\s,]+)/gim)].map(
    (match) => match[1] ?? '',
  );
}

/**
 * Images that follow the naming of their family although the catalogue has no row for them. They were judged by that naming on
 * 2026-11-30 and not asked of a registry one by one, so the list holds what fixes may write, not a proof that it is there. A
 * new one is looked up before it is added.
 */
const otherImages: readonly string[] = [
  'alpine:3.20.3',
  'debian:12',
  'debian:13-slim',
  'denoland/deno:alpine-2.1.4',
  'denoland/deno:alpine-2.4.0',
  'denoland/deno:alpine-2.5.0',
  'denoland/deno:alpine-2.5.4',
  'eclipse-temurin:11',
  'eclipse-temurin:11-jre',
  'eclipse-temurin:17-jre-jammy',
  'eclipse-temurin:21-alpine',
  'eclipse-temurin:8-jre-alpine',
  'elixir:1.16',
  'elixir:1.18-slim',
  'gcr.io/distroless/base-debian12',
  'gcr.io/distroless/base-debian12:nonroot',
  'gcr.io/distroless/base-debian13:nonroot',
  'gcr.io/distroless/cc-debian12',
  'gcr.io/distroless/cc-debian13:nonroot',
  'gcr.io/distroless/nodejs22-debian13',
  'gcr.io/distroless/static-debian13',
  'gcr.io/distroless/static-debian13:debug',
  'gcr.io/distroless/static-debian13:nonroot',
  'ghcr.io/gleam-lang/gleam:v1.13.0-erlang-slim',
  'golang:1.27-alpine',
  'golang:1.27-alpine3.23',
  'mcr.microsoft.com/dotnet/aspnet:10.0',
  'mcr.microsoft.com/dotnet/aspnet:10.0-alpine',
  'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
  'mcr.microsoft.com/dotnet/runtime:10.0',
  'mcr.microsoft.com/dotnet/runtime:8.0-alpine',
  'mcr.microsoft.com/dotnet/sdk:10.0',
  'mcr.microsoft.com/dotnet/sdk:10.0-alpine',
  'nginx:1.29-alpine',
  'nginx:1.29-alpine-slim',
  'nginx:1.30',
  'nginx:1.30-alpine',
  'nginx:1.30-alpine-slim',
  'nginx:1.31',
  'nginx:1.31-alpine',
  'nginx:1.31-alpine-slim',
  'nginxinc/nginx-unprivileged:stable-alpine',
  'node:${NODE_VERSION}-slim',
  'node:26-bookworm-slim',
  'node:slim',
  'nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04',
  'oven/bun:1-slim',
  'oven/bun:1.2-slim',
  'python:3.11-slim-bookworm',
  'python:3.6.8-slim',
  'python:3.7.4-slim',
  'python:3.12-slim-bookworm',
  'python:3.13-slim-bookworm',
  'python:slim',
  'pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime',
  'registry.access.redhat.com/ubi9/ubi-minimal:9',
  'ruby:3.2.4-alpine',
  'rust:1.83',
  'rust:1.84.0-slim',
  'rust:1.90-slim',
];

for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
  test(`no fix makes an image up: ${name}`, () => {
    const unknown = new Set<string>();
    for (const fixture of readFixtures(readFileSync(join(folder, name), 'utf8'))) {
      const input = inputFor(fixture.text, fixture.files, fixture.executable);
      const results = [
        ...analyze(input).problems.flatMap(({ fixes }) =>
          fixes.map(({ edits }) => applyEdits(input.text, edits)),
        ),
        fixAll(input, 'review').text,
      ];
      const before = new Set(imagesOf(fixture.text));
      for (const result of results) {
        for (const image of imagesOf(result).filter((one) => !before.has(one))) {
          const isStage = result.toLowerCase().includes(` as ${image.toLowerCase()}\n`);
          if (!isStage && !isHeld(image)) {
            unknown.add(`${image} (${fixture.title})`);
          }
        }
      }
    }
    assert.deepEqual([...unknown], []);
  });
}

function isHeld(image: string): boolean {
  // Docker Hub may be spelt out, with the folder of its official images.
  if (otherImages.includes(image.replace(/^docker\.io\/(?:library\/)?/, ''))) {
    return true;
  }
  const reference = parseImageReference(image);
  return reference !== undefined && catalogueTags(reference).includes(reference.tag ?? 'latest');
}
