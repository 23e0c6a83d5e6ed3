import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mustBuild } from './build.ts';
import { configDifferences, fileDifferences } from './compare.ts';
import { makeContext } from './context.ts';
import { imageFiles } from './files.ts';
import { applyFixes } from './fixers.ts';
import { imageConfig } from './image.ts';
import { withStorage } from './lock.ts';
import { safeFolder } from './paths.ts';
import { prepareBasesOf, removeImages } from './prove.ts';

/** A Dockerfile to which one rule has a safe fix. */
export interface SafeCase {
  readonly rule: string;
  /** What the case shows: the name of its file. */
  readonly topic: string;
  readonly folder: string;
  readonly dockerfile: string;
}

/** What was seen of a Dockerfile before and after its safe fixes. */
export interface SafeResult {
  /** Titles of the fixes that were applied, each with its rule. */
  readonly done: readonly string[];
  /** What a program in the container could tell; empty where the fixes are what they claim to be. */
  readonly differences: readonly string[];
}

/** The cases of `test/builds/safe`: a folder for each rule, in it the build context and a Dockerfile for each topic. */
export function safeCases(): SafeCase[] {
  return readdirSync(safeFolder).flatMap((rule) => {
    const folder = join(safeFolder, rule);
    return readdirSync(folder)
      .filter((file) => file.endsWith('.Dockerfile'))
      .map((file) => ({
        rule,
        topic: basename(file, '.Dockerfile'),
        folder,
        dockerfile: readFileSync(join(folder, file), 'utf8'),
      }));
  });
}

/** Builds a case before and after the safe fixes of its rule. It fails where the rule offers none. */
export async function compareSafeCase({ rule, topic, folder, dockerfile }: SafeCase): Promise<SafeResult> {
  const result = await compareSafeFixes(`${rule}-${topic}`, folder, rule, dockerfile);
  assert.notEqual(result.done.length, 0, `${rule} offers a safe fix for ${topic}`);
  return result;
}

/** Builds a project before and after the safe fixes of all rules, or of one. Nothing is built where none is offered. */
export function compareSafeFixes(
  name: string,
  project: string,
  rule?: string,
  dockerfile?: string,
): Promise<SafeResult> {
  return withStorage(async () => {
    const images = [`localhost/safe-${name}:before`, `localhost/safe-${name}:after`] as const;
    const [before, after] = [makeContext(project), makeContext(project)];
    try {
      if (dockerfile !== undefined) {
        before.write('Dockerfile', dockerfile);
        after.write('Dockerfile', dockerfile);
      }
      const done = await applyFixes(after, 'safe', rule);
      if (done.length === 0) return { done, differences: [] };
      await prepareBasesOf(readFileSync(join(before.folder, 'Dockerfile'), 'utf8'));
      await mustBuild(before, images[0]);
      await mustBuild(after, images[1]);
      const [was, is] = [await imageFiles(images[0]), await imageFiles(images[1])];
      const differences = [
        ...fileDifferences(was, is, [...everyBuild, ...dockerfiles, ...caches]),
        ...configDifferences(await imageConfig(images[0]), await imageConfig(images[1])),
      ];
      return { done, differences };
    } finally {
      before.remove();
      after.remove();
      await removeImages(images);
    }
  });
}

/** What differs between any two builds of one Dockerfile: logs, the dynamic linker's cache, compiled Python with its times. */
const everyBuild = [
  /^\/var\/log\//,
  /^\/var\/cache\/ldconfig\//,
  /\/__pycache__(\/|$)/,
  /^\/tmp(\/|$)/,
  /^\/root\/\.npm\/_logs/,
  // Counters of Go's own telemetry: the toolchain writes other numbers in every run.
  /^\/root\/\.config\/go\/telemetry(\/|$)/,
];

/** The Dockerfile itself is copied by `COPY . .`. */
const dockerfiles = [/\/Dockerfile$/];

/** What the safe fixes are there to leave out. */
const caches = [
  /^\/root\/\.npm(\/|$)/,
  /^\/root\/\.cache(\/|$)/,
  /^\/usr\/local\/share\/\.cache(\/|$)/,
  /^\/var\/lib\/apt\/lists\//,
  /^\/var\/cache\/(apt|debconf)\//,
  /^\/root\/\.composer(\/|$)/,
];
