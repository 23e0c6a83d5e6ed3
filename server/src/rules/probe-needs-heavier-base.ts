import { contradictionOf } from '../facts/service/contradiction.ts';
import { type ExistingProbe, readProbe } from '../facts/service/existing-probe.ts';
import { baseTraits, runningStage } from '../facts/stage.ts';
import { startScript } from '../facts/start/needs-root.ts';
import { replaceProbe } from '../fixes/add-healthcheck.ts';
import { writeProbe } from '../fixes/write-probe.ts';
import { allSteps, lastStep, rootBase, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { Rule } from './rule.ts';

export const probeNeedsHeavierBase: Rule = {
  meta: {
    id: 'probe-needs-heavier-base',
    aliases: [],
    summary: 'Only the HEALTHCHECK needs a program that the smaller variant of the image lacks.',
    category: 'size',
    severity: 'information',
    enabled: true,
    fix: 'always',
    needs: ['images'],
    docs: {
      what: 'The stage that ships starts from the full variant of a language image, and nothing in it but the `HEALTHCHECK` uses curl or wget, which the smaller variant lacks.',
      why: 'The probe alone keeps the stage on an image of a gigabyte: the interpreter of the language can ask the same.',
      silent:
        'A `RUN`, the start command or the script that starts the container uses the program as well; the probe does more than ask one URL; no smaller variant is known.',
      fix: 'Asks the same URL with the interpreter of the image. For review.',
      bad: {
        dockerfile:
          'FROM node:24\nCOPY server.js /\nUSER node\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\nCMD ["node", "/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:24-alpine\nCOPY server.js /\nUSER node\nHEALTHCHECK CMD wget -q --spider http://localhost:3000/ || exit 1\nCMD ["node", "/server.js"]\n',
      },
      switchOff: 'Where the full image is wanted anyway.',
      references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    const step = stage === undefined ? undefined : lastStep(stage, 'HEALTHCHECK');
    const base = stage === undefined ? undefined : rootBase(stage);
    const probe = step === undefined ? undefined : readProbe(context, step);
    const program = programOf(probe);
    if (stage === undefined || step === undefined || base?.kind !== 'image' || program === undefined) {
      return;
    }
    const traits = baseTraits(stage, context.images);
    const smaller = context.images
      .smallerVariants(base.reference, stage.platform)
      .find((one) => one.traits?.missingTools?.includes(program) === true && one.traits.hasShell === true);
    const request = probe?.request;
    const written =
      request === undefined || traits?.tools?.includes(program) !== true || smaller === undefined
        ? undefined
        : writeProbe(smaller.traits, stage, contradictionOf(context, stage, request)?.request ?? request);
    const fix =
      written === undefined || written.tool === program
        ? undefined
        : replaceProbe(context.dockerfile, step, written);
    const script = startScript(context, stage);
    const isRead = script === undefined || script.text !== undefined;
    if (fix === undefined || !isRead || usesElsewhere(stage, program, script?.text ?? '')) {
      return;
    }
    yield {
      message: `Nothing but the HEALTHCHECK needs ${program} of ${base.name}, which smaller variants lack.`,
      span: step.instruction.keywordSpan,
      fixes: [fix],
    };
  },
};

/** The one program of a probe that asks a URL; a shell around it aside. */
function programOf(probe: ExistingProbe | undefined): string | undefined {
  const names = (probe?.programs ?? []).filter((name) => !/(?:^|\/)(?:ba|da|a)?sh$/.test(name));
  const [name] = names;
  return names.length === 1 && (name === 'curl' || name === 'wget') ? name : undefined;
}

function usesElsewhere(stage: Stage, program: string, script: string): boolean {
  const runs = allSteps(stage).filter(({ instruction }) => instruction.keyword === 'RUN');
  const texts = [
    ...runs.map(({ instruction }) =>
      instruction.documentText.slice(instruction.span.start, instruction.span.end),
    ),
    startCommand(stage).words.join(' '),
    script,
  ];
  return texts.some((text) => new Set(text.split(/[^\w.-]+/)).has(program));
}
