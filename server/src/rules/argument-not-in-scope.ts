import type { AnalysisContext } from '../facts/context.ts';
import { deployment } from '../facts/deployment/deployment.ts';
import { baseEnvironment } from '../facts/stage.ts';
import { insertedArgument } from '../fixes/declare-argument.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { automaticArguments } from '../model/automatic-arguments.ts';
import {
  allSteps,
  type Dockerfile,
  lastStep,
  lineage,
  type Script,
  type Stage,
  type Step,
} from '../model/dockerfile.ts';
import { headArguments } from '../model/head-arguments.ts';
import { argumentText } from '../syntax/tree.ts';
import { appendTo } from '../text/append-to.ts';
import { memoizeFor } from '../text/memoize.ts';
import { type Span, span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

export const argumentNotInScope: Rule = {
  meta: {
    id: 'argument-not-in-scope',
    aliases: [],
    summary: 'A command uses a build argument where it has no value.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The exec form takes the text as it stands, and the name of a secret is not declared in an ARG.',
    needs: [],
    docs: {
      what: 'A `RUN` uses an argument that stands above the first `FROM` or in another stage, or that BuildKit provides, and its stage does not declare it; or the start command or the health check uses a build argument, which ends with the build.',
      why: 'The shell replaces the variable by nothing, and neither build nor start fails for it: the download asks for `tool-` instead of `tool-arm64`, the container looks for `app-.jar`.',
      silent:
        'The stage declares the argument; `ENV` or the base image sets a variable of that name; the command sets it by itself, or reads a file of settings (`.`, `source`, `eval`); the shell is none of POSIX; `PORT` in a start command, which platforms provide, where its `ARG` has no default; every service that a Compose file or a manifest starts from the image sets the variable.',
      fix: 'Declares the argument above the `RUN`; keeps its value for the container in an `ENV` of the same name. For review. None for what the exec form is given as it stands, and for names of secrets.',
      bad: {
        dockerfile:
          'ARG VERSION=2.1\nFROM alpine:3.22\nRUN wget -qO /usr/local/bin/tool https://example.com/tool-$VERSION\n',
      },
      good: {
        dockerfile:
          'ARG VERSION=2.1\nFROM alpine:3.22\nARG VERSION\nRUN wget -qO /usr/local/bin/tool https://example.com/tool-$VERSION\n',
      },
      switchOff: 'Where base images of your own set variables of the same names.',
      references: ['https://docs.docker.com/build/building/variables/#scoping'],
    },
  },

  *check(context) {
    for (const stage of context.dockerfile.stages) {
      const set = new Set(baseEnvironment(stage, context.images) ?? []);
      for (const step of stage.steps) {
        if (step.script !== undefined) {
          yield* inRun(context, stage, step, step.script, set);
        }
      }
    }
    const final = context.dockerfile.final;
    for (const keyword of final === undefined ? [] : ['ENTRYPOINT', 'CMD', 'HEALTHCHECK']) {
      const step = final === undefined ? undefined : lastStep(final, keyword);
      if (final !== undefined && step !== undefined) {
        yield* inContainer(context, final, step);
      }
    }
  },
};

/** The arguments that a RUN uses and its stage does not declare. */
function* inRun(
  context: AnalysisContext,
  stage: Stage,
  step: Step,
  script: Script,
  setByBase: ReadonlySet<string>,
): Iterable<Finding> {
  const head = headArguments(context.dockerfile);
  const mayBeSet = script.commands.some(({ name }) => ['.', 'source', 'eval'].includes(name ?? ''));
  if (!script.isUnderstood || mayBeSet) {
    return;
  }
  const said = new Set<string>();
  for (const { name, span: at, hasFallback } of script.variables) {
    const isProvided = head.has(name) || automaticArguments.has(name);
    const elsewhere = isProvided ? [] : argumentElsewhere(context.dockerfile, stage, name);
    const isElsewhere = elsewhere.length > 0;
    const isSame = elsewhere.every((text) => text === elsewhere[0]);
    const declared = isElsewhere ? (isSame ? elsewhere[0] : undefined) : name;
    const isHidden = isProvided || isElsewhere;
    const isSet = step.before.variables.has(name) || setByBase.has(name) || script.setVariables.has(name);
    if (!isHidden || isSet || said.has(name)) {
      continue;
    }
    said.add(name);
    const where = head.has(name)
      ? `ARG ${name} stands above FROM`
      : isElsewhere
        ? `ARG ${name} belongs to another stage`
        : `BuildKit provides ${name}`;
    const effect = hasFallback ? 'what stands behind it always counts' : `$${name} is empty here`;
    const isKnown = baseEnvironment(stage, context.images) !== undefined || (!head.has(name) && !isElsewhere);
    yield {
      message: `${where}, and this stage does not declare it: ${effect}${isKnown ? '' : ', unless the base image sets it'}.`,
      span: script.sourceSpan(at),
      fixes:
        declared === undefined
          ? []
          : [
              {
                title: `Declare ARG ${name} in this stage`,
                applicability: 'review',
                edits: [insertedArgument(context.dockerfile.syntax, step.instruction, declared)],
              },
            ],
    };
  }
}

/** How other stages declare an argument, as it is written there. */
function argumentElsewhere(dockerfile: Dockerfile, stage: Stage, name: string): readonly string[] {
  const declared = declarations(dockerfile).get(name) ?? [];
  const own = declared.length === 0 ? [] : lineage(stage);
  return declared.filter((one) => !own.includes(one.stage)).map(({ text }) => text);
}

/** Every ARG of every stage, by its name. */
const declarations = memoizeFor(
  (
    dockerfile: Dockerfile,
  ): ReadonlyMap<string, readonly { readonly stage: Stage; readonly text: string }[]> => {
    const found = new Map<string, { readonly stage: Stage; readonly text: string }[]>();
    for (const stage of dockerfile.stages) {
      for (const { instruction } of stage.steps) {
        for (const { name, value } of instruction.keyword === 'ARG' ? instruction.pairs : []) {
          appendTo(found, name, { stage, text: value === undefined ? name : `${name}=${value}` });
        }
      }
    }
    return found;
  },
);

/** The arguments that the running container is meant to have, and has not. */
function* inContainer(context: AnalysisContext, stage: Stage, step: Step): Iterable<Finding> {
  const { instruction } = step;
  const lasting = new Set([
    ...stage.end.environment.keys(),
    ...(baseEnvironment(stage, context.images) ?? []),
  ]);
  const own = argumentsOf(stage);
  const containers = deployment(context.project);
  const isGiven = (name: string): boolean =>
    containers.length > 0 &&
    containers.every(({ settings }) => settings === 'any' || settings.includes(name));
  const said = new Set<string>();
  for (const { name, at, isExpanded, hasFallback } of usesOf(step)) {
    const isDeclared = own.has(name);
    if (
      said.has(name) ||
      lasting.has(name) ||
      (isExpanded && isGiven(name)) ||
      (name === 'PORT' && !hasDefault(stage, name)) ||
      !(isDeclared || headArguments(context.dockerfile).has(name))
    ) {
      continue;
    }
    said.add(name);
    const message = !isExpanded
      ? `The exec form starts no shell: the program is given $${name} as it stands.`
      : hasFallback
        ? `ARG ${name} ends with the build: in the container what stands behind it counts.`
        : `ARG ${name} ends with the build: $${name} is empty in the container, unless it is started with one.`;
    const keep =
      isExpanded && !secretName.test(name) ? keepForContainer(context, step, name, isDeclared) : undefined;
    yield {
      message,
      span: at ?? instruction.keywordSpan,
      ...(hasFallback ? { severity: 'information' as const } : {}),
      fixes: keep === undefined ? [] : [keep],
    };
  }
}

/** What is in the image for everybody to read must not be a secret. */
const secretName = /TOKEN|SECRET|PASS|KEY|CREDENTIAL|COOKIE/i;

/** Names that ARG declares in a stage or in those it starts from. */
function argumentsOf(stage: Stage): ReadonlySet<string> {
  return new Set(
    allSteps(stage)
      .filter(({ instruction }) => instruction.keyword === 'ARG')
      .flatMap(({ instruction }) => instruction.pairs.map((pair) => pair.name)),
  );
}

/** True where an ARG gives a value: who writes one does not count on the platform, which sets PORT. */
function hasDefault(stage: Stage, name: string): boolean {
  return allSteps(stage).some(
    ({ instruction }) =>
      instruction.keyword === 'ARG' &&
      instruction.pairs.some((pair) => pair.name === name && (pair.value ?? '') !== ''),
  );
}

interface Use {
  readonly name: string;
  readonly at: Span | undefined;
  /** True where a shell replaces it when the container starts. */
  readonly isExpanded: boolean;
  readonly hasFallback: boolean;
}

/** The variables of a start command or probe, in single quotes and behind a backslash left out. */
function usesOf(step: Step): Use[] {
  const { instruction } = step;
  if (instruction.form === 'json' || /^(?:--\S+\s+)*CMD\s*\[/i.test(argumentText(instruction))) {
    const words = instruction.words.map((word) => word.value);
    const isShell =
      words.some((word) => /^-[a-z]*c$/.test(word)) &&
      words.some((word) => /(?:^|\/)(?:ba|da|a)?sh$/.test(word));
    return variablesIn(words.join(' ')).map((one) => ({
      ...one,
      at: placeOf(instruction.documentText, one.name, instruction.span),
      isExpanded: isShell,
    }));
  }
  return variablesIn(argumentText(instruction)).map((one) => ({
    ...one,
    at: placeOf(instruction.documentText, one.name, instruction.span),
    isExpanded: true,
  }));
}

function variablesIn(text: string): { name: string; hasFallback: boolean }[] {
  const plain = text.replace(/'[^']*'/g, '').replace(/\\./g, '');
  const set = new Set([...plain.matchAll(/(?<![\w$])([A-Za-z_]\w*)=/g)].map(([, name]) => name));
  return [...plain.matchAll(/\$(\{?)([A-Za-z_]\w*)(:?[-+=?])?/g)]
    .map((match) => ({ name: match[2] ?? '', hasFallback: match[1] === '{' && match[3] !== undefined }))
    .filter(({ name }) => !set.has(name));
}

/** Where a variable stands in an instruction; undefined where it is written in another way than it reads. */
function placeOf(text: string, name: string, within: Span): Span | undefined {
  for (const sign of [`\${${name}`, `$${name}`]) {
    const at = text.indexOf(sign, within.start);
    if (at >= 0 && at < within.end) {
      return span(at + sign.length - name.length, at + sign.length);
    }
  }
  return undefined;
}

function keepForContainer(
  { dockerfile }: AnalysisContext,
  step: Step,
  name: string,
  isDeclared: boolean,
): Fix {
  const layout = new Layout(dockerfile.syntax);
  const lines = [
    ...(isDeclared ? [] : [`${layout.keyword('ARG')} ${name}`]),
    `${layout.keyword('ENV')} ${name}=$${name}`,
  ];
  return {
    title: `Keep ${name} in the image with ENV`,
    applicability: 'review',
    edits: [layout.insertBefore(step.instruction, lines)],
  };
}
