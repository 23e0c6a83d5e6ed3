import { type CacheLeft, findCacheLeft } from '../distros/package-caches.ts';
import { isDevContainer, isWindows } from '../facts/stage.ts';
import { cleanInSameRun } from '../fixes/clean-in-same-run.ts';
import { removeUpdate } from '../fixes/remove-update.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { isTriggered, lineage, type Stage, withTriggered } from '../model/dockerfile.ts';
import { unknownProject } from '../project/project.ts';
import type { Rule } from './rule.ts';

/** What hadolint calls a cache that is left, by the package manager. */
const hadolintNames: ReadonlyMap<string, string> = new Map([
  ['apt', 'DL3009'],
  ['apk', 'DL3019'],
  ['yum', 'DL3032'],
  ['zypper', 'DL3036'],
  ['dnf', 'DL3040'],
  ['microdnf', 'DL3040'],
  ['pip', 'DL3042'],
  ['yarn', 'DL3060'],
]);

export const packageCacheLeftInLayer: Rule = {
  meta: {
    id: 'package-cache-left-in-layer',
    aliases: ['DL3009', 'DL3019', 'DL3032', 'DL3036', 'DL3040', 'DL3042', 'DL3060'],
    summary: 'An install leaves its package manager’s cache in the layer.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'A later step installs from the lists, or fails where they are gone, or the form of the RUN has no place for the clean-up.',
    // Under a cache mount there is nothing to clean.
    isFixedLast: true,
    needs: [],
    docs: {
      what: 'A `RUN` of the stage that ships installs packages and leaves the lists or archives of the package manager behind: apt, apk, dnf, yum, zypper, pip, npm, yarn, gem, composer, conda, mamba, poetry, go.',
      why: 'The cache is stored in the layer for good, although nothing in the container reads it. Removing it in a later `RUN` saves no byte.',
      silent:
        'The stage does not ship; the cache lies under a cache mount; an environment variable switches the cache off (`PIP_NO_CACHE_DIR`); the same `RUN` removes it behind the install; it is Yarn 2 or later, whose cache may be what runs; the shell text was not understood.',
      fix: 'Adds the option that keeps no cache (`--no-cache-dir`, `--no-cache`), or the clean-up to the same `RUN`; a `RUN` that only fetches lists is removed. Safe; none is offered where a later step installs from the lists, or removes them without `-f` and would fail.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
      },
      switchOff: 'Where images are squashed into one layer after a clean-up.',
      references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context) || isWindows(final)) {
      return;
    }
    const stages = withTriggered(context.dockerfile.stages);
    for (const stage of withTriggered(lineage(final))) {
      const project = isTriggered(stage) ? unknownProject : context.project;
      for (const at of commandSteps(stage)) {
        const left = findCacheLeft(at, stage, stages, project);
        if (left !== undefined && !isForOthers(stage, at, left)) {
          const isKept = left.isNeededLater || left.removedBy !== undefined;
          const fix = isKept
            ? undefined
            : (removeUpdate(context.dockerfile, at) ?? cleanInSameRun(context.dockerfile, at, left));
          yield {
            message: `${left.message} ${whatNow(left)}`,
            span: at.script.sourceSpan(left.span),
            aliases: [hadolintNames.get(left.tool) ?? []].flat(),
            fixes: fix === undefined ? [] : [fix],
          };
        }
      }
    }
  },
};

/** What is to be done about a cache, in a sentence. */
function whatNow({ isNeededLater, removedBy, message }: CacheLeft): string {
  if (isNeededLater) {
    return 'A later RUN installs from them: let it fetch its own, then clean up in each.';
  }
  const [them, theyAre] = message.startsWith('The package lists') ? ['them', 'they are'] : ['it', 'it is'];
  return removedBy === undefined
    ? `Nothing in the container reads ${them}.`
    : `No fix is offered: \`${removedBy}\` of a later RUN takes nothing out of this layer, and fails where ${theyAre} gone already.`;
}

/** True for an ONBUILD that only fetches lists: the build that it is part of may install from them. */
function isForOthers(stage: Stage, at: CommandStep, { tool }: CacheLeft): boolean {
  const installs = commandsOfStep(at.step).some(({ command }) =>
    command.args.some((word) => ['install', 'add'].includes(word.text)),
  );
  return isTriggered(stage) && ['apt', 'apk'].includes(tool) && !installs;
}
