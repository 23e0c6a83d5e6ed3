import { findsProgram, startName } from '../facts/base/programs.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { serviceCommands, workloadCommands } from '../facts/deployment/deployment.ts';
import { contradictionOf } from '../facts/service/contradiction.ts';
import { probedPrograms, probeScript, readProbe } from '../facts/service/existing-probe.ts';
import type { ProbeRequest } from '../facts/service/probe-request.ts';
import { baseTraits } from '../facts/stage.ts';
import { replaceProbe } from '../fixes/add-healthcheck.ts';
import type { Fix } from '../fixes/fix.ts';
import { installPackage } from '../fixes/install-package.ts';
import { writeProbe } from '../fixes/write-probe.ts';
import { lastStep, lineage, rootBase, type Stage, type Step } from '../model/dockerfile.ts';
import { argumentText } from '../syntax/tree.ts';
import type { Finding, Rule } from './rule.ts';

/** Programs of probes whose packages are called as they are. */
const packaged = ['curl', 'wget', 'bash', 'jq'];

export const probeProgramAbsent: Rule = {
  meta: {
    id: 'probe-program-absent',
    aliases: [],
    summary: 'A probe starts a program that the image does not have.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'The probe does more than to ask one URL, and no package of this image is known to bring its program.',
    needs: ['images'],
    docs: {
      what: 'The `HEALTHCHECK` of the stage that ships, or the probe that a Compose file or a manifest gives its container, starts a program that neither the base image nor the stage has: curl on `node:22-slim`, wget on `python:3.12-slim`, curl that only the builder installs, `node` by its bare name on distroless.',
      why: 'The probe fails every time: the container is unhealthy for ever, and Compose and Swarm restart it or wait in vain.',
      silent:
        'What the image holds is not known; the program is installed or copied; a `RUN` may bring more than it names; the probe has another way behind `||`.',
      fix: 'Where the probe asks one URL, the same is asked with a program that the image has: the interpreter of the language, wget on Alpine, Bash. Otherwise the program is installed. For review.',
      bad: {
        dockerfile:
          'FROM node:22-slim\nCOPY server.js /\nUSER node\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\nCMD ["node", "/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:22-alpine\nCOPY server.js /\nUSER node\nHEALTHCHECK CMD wget -q --spider http://localhost:3000/ || exit 1\nCMD ["node", "/server.js"]\n',
      },
      switchOff: 'Where only Kubernetes runs the image.',
      references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
    },
  },

  *check(context) {
    yield* absentForServices(context);
    const stage = context.dockerfile.final;
    const step = stage === undefined ? undefined : lastStep(stage, 'HEALTHCHECK');
    const probe = step === undefined ? undefined : readProbe(context, step);
    if (stage === undefined || step === undefined || probe === undefined) {
      return;
    }
    const device = bashDevice(context, stage, step);
    if (device !== undefined) {
      yield { message: device, span: step.instruction.keywordSpan, fixes: [] };
      return;
    }
    const script = probeScript(context, stage, probe);
    const program = [...probe.programs, ...(script?.programs ?? [])].find((name) =>
      isAbsent(context, stage, name),
    );
    if (program === undefined) {
      return;
    }
    const starter = probe.programs.includes(program) ? 'HEALTHCHECK' : (script?.file ?? 'HEALTHCHECK');
    const base = rootBase(stage);
    const image = base.kind === 'image' ? base.name : 'the image';
    const path = startName(baseTraits(stage, context.images), program);
    const place =
      path === program ? `${image} has none` : `${image} has it at ${path} only, which is not searched`;
    yield {
      message: `${starter} starts ${program}, and ${place}: the container is unhealthy for ever.`,
      span: step.instruction.keywordSpan,
      fixes: fixesFor(context, stage, step, program, probe.request),
    };
  },
};

/** The probes of services and workloads that start a program which the image does not have. */
function* absentForServices(context: AnalysisContext): Generator<Finding> {
  const { final: stage } = context.dockerfile;
  const base = stage === undefined ? undefined : rootBase(stage);
  if (stage === undefined || base === undefined) {
    return;
  }
  const seen = new Set<string>();
  for (const { command, by, isProbe, target } of [
    ...serviceCommands(context.project),
    ...workloadCommands(context.project),
  ]) {
    const isMeant = target === undefined || target.toLowerCase() === stage.name?.toLowerCase();
    const program =
      isProbe && isMeant
        ? probedPrograms(context, command).find((name) => isAbsent(context, stage, name))
        : undefined;
    if (program !== undefined && !seen.has(program)) {
      seen.add(program);
      const traits = baseTraits(stage, context.images);
      const install = packaged.includes(program)
        ? installPackage(context.dockerfile, stage, traits, program)
        : undefined;
      const image = base.kind === 'image' ? base.name : 'the image';
      yield {
        message: `The probe of ${by} starts ${program}, and ${image} has none: the container is unhealthy for ever.`,
        span: stage.imageSpan,
        fixes: install === undefined ? [] : [install],
      };
    }
  }
}

/** What is wrong with a probe through /dev/tcp, which Bash opens by itself and no other shell knows; undefined where nothing is. */
function bashDevice(context: AnalysisContext, stage: Stage, step: Step): string | undefined {
  const text = argumentText(step.instruction);
  const shell = shellOf(text);
  const { distribution } = baseTraits(stage, context.images) ?? {};
  const isOther = ['debian', 'ubuntu', 'alpine'].includes(distribution?.id ?? '');
  const isReplaced = lineage(stage).some((one) =>
    one.steps.some(
      ({ instruction }) =>
        instruction.keyword === 'SHELL' || /\b(?:ln|dash)\b.*\bsh\b/.test(instruction.line.text),
    ),
  );
  return /[<>]\s*"?\/dev\/(?:tcp|udp)\//.test(text) && shell === 'sh' && isOther && !isReplaced
    ? 'HEALTHCHECK asks /dev/tcp, which is Bash’s own and no file: the shell of this image is another one, and the container is unhealthy for ever. `["bash", "-c", "…"]` asks it.'
    : undefined;
}

/** The shell that reads the text of a probe; undefined for a probe that starts a program by itself. */
function shellOf(text: string): string | undefined {
  const list = /^CMD\s*\[\s*"(?:\/bin\/)?(\w+)"/i.exec(text)?.[1];
  return list ?? (/^CMD\s*\[/i.test(text) ? undefined : /\bbash\b/.test(text) ? 'bash' : 'sh');
}

function isAbsent(context: AnalysisContext, stage: Stage, word: string): boolean {
  const name = word.replace(/^(?:\/usr(?:\/local)?)?\/s?bin\//, '');
  if (name.includes('/')) {
    return false;
  }
  const found = findsProgram(context, stage, name);
  return found.state === 'known' && !found.value;
}

function fixesFor(
  context: AnalysisContext,
  stage: Stage,
  step: Step,
  program: string,
  request: ProbeRequest | undefined,
): Fix[] {
  const traits = baseTraits(stage, context.images);
  const { dockerfile } = context;
  const path = startName(traits, program);
  const right = request === undefined ? undefined : contradictionOf(context, stage, request)?.request;
  const asked = right ?? request;
  const written = asked === undefined ? undefined : writeProbe(traits, stage, asked);
  const replaced =
    path !== program
      ? startByPath(step, program, path)
      : written === undefined
        ? undefined
        : replaceProbe(dockerfile, step, written);
  const install = packaged.includes(program) ? installPackage(dockerfile, stage, traits, program) : undefined;
  return [replaced, install].filter((fix) => fix !== undefined);
}

/** The same probe, its program named by the path at which it lies. */
function startByPath({ instruction }: Step, program: string, path: string): Fix | undefined {
  const { line, argumentsStart } = instruction;
  const text = line.text.slice(argumentsStart);
  const prefix = /^CMD\s+/i.exec(text)?.[0].length ?? 0;
  const isExec = text.slice(prefix).startsWith('[');
  const at = text.indexOf(program, prefix);
  const start = argumentsStart + at;
  return at < 0 || !isExec
    ? undefined
    : {
        title: `Start ${path}`,
        applicability: 'review',
        edits: [{ span: line.sourceSpan(start, start + program.length), text: path }],
        assumptions: [],
      };
}
