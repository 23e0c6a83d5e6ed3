import { parseImageReference } from '../images/reference.ts';
import { findStage } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { readMounts } from '../model/mounts.ts';
import { findFlag } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const untrustedRegistry: Rule = {
  meta: {
    id: 'untrusted-registry',
    aliases: ['DL3026'],
    summary: 'An image comes from a registry that is not among the trusted ones.',
    category: 'hardening',
    severity: 'error',
    enabled: false,
    fix: 'none',
    unfixed: 'Where a trusted copy of the image lies is for the project to say.',
    needs: [],
    docs: {
      what: 'An image in `FROM`, `COPY --from` or `RUN --mount=from=` comes from a registry that `trustedRegistries` does not name.',
      why: 'What a base image holds runs in every container: some organisations take images from registries of their own only.',
      silent:
        'A variable hides the name. The rule is off unless it is switched on; where no registry is named, Docker Hub is the trusted one.',
      bad: { dockerfile: 'FROM registry.example.com/base:1\n' },
      good: { dockerfile: 'FROM debian:13-slim\n' },
      switchOff: 'Wherever nobody has rules for registries.',
      references: ['https://docs.docker.com/reference/dockerfile/#from'],
    },
  },

  *check({ dockerfile, trustedRegistries }) {
    const trusted = trustedRegistries.length === 0 ? ['docker.io'] : trustedRegistries;
    for (const { name, span } of imagesOf(dockerfile)) {
      const registry = parseImageReference(name)?.registry;
      if (registry !== undefined && !trusted.some((pattern) => matches(pattern, registry))) {
        yield { message: `${registry} is not among the trusted registries: ${trusted.join(', ')}.`, span };
      }
    }
  },
};

/** Every image that a file names, stages and what a variable hides left out. */
function* imagesOf(dockerfile: Dockerfile): Iterable<{ name: string; span: Span }> {
  for (const stage of dockerfile.stages) {
    if (stage.base.kind === 'image') {
      yield { name: stage.base.name, span: stage.imageSpan };
    }
    for (const { instruction } of stage.steps) {
      const flag = findFlag(instruction, 'from');
      const mounts = readMounts(instruction).map((mount) => ({
        name: mount.options.get('from'),
        flag: mount.flag,
      }));
      for (const one of [{ name: flag?.value, flag }, ...mounts]) {
        if (
          one.name !== undefined &&
          one.flag !== undefined &&
          findStage(one.name, dockerfile) === undefined
        ) {
          yield { name: one.name, span: one.flag.span };
        }
      }
    }
  }
}

/** A `*` at one end stands for anything; `hub.docker.com` is another word for Docker Hub. */
function matches(pattern: string, registry: string): boolean {
  const wanted = pattern === 'hub.docker.com' ? 'docker.io' : pattern;
  if (wanted.startsWith('*')) {
    return registry.endsWith(wanted.slice(1));
  }
  return wanted.endsWith('*') ? registry.startsWith(wanted.slice(0, -1)) : registry === wanted;
}
