import type { AnalysisContext } from '../facts/context.ts';
import { baseEnvironment } from '../facts/stage.ts';
import { insertedArgument } from '../fixes/declare-argument.ts';
import type { Fix } from '../fixes/fix.ts';
import { automaticArguments } from '../model/automatic-arguments.ts';
import type { Step } from '../model/dockerfile.ts';
import { headArguments } from '../model/head-arguments.ts';
import { nearestName } from '../model/nearest-name.ts';
import { type UndefinedVariable, undefinedVariables } from '../model/undefined-variables.ts';
import type { Span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

export const undefinedVariable: Rule = {
  meta: {
    id: 'undefined-variable',
    aliases: ['UndefinedVar', 'DL3044'],
    isBuildCheck: true,
    summary: 'A variable is used that nothing sets.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'No variable has a name near to it, and which value is meant is not known.',
    needs: ['images'],
    docs: {
      what: 'An instruction uses a variable that no `ARG` and no `ENV` above it sets in its stage, nor the base image.',
      why: 'It stands for nothing: `COPY app $HOMEDIR/` copies to `/`. The build does not fail.',
      silent:
        'The variables of the base image are not known, or its name holds a variable (what BuildKit provides is named all the same); the text is shell text of `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`, which the shell expands when it runs: `argument-not-in-scope` looks at those.',
      fix: 'Declares the argument in the stage where it stands above the first `FROM` or BuildKit provides it; takes the variable out where `ENV` appends it to itself (`LD_LIBRARY_PATH=/opt/lib:$LD_LIBRARY_PATH` leaves an empty entry, the current folder); otherwise writes the name that is nearest, where one is near. For review.',
      bad: { dockerfile: 'FROM debian:13-slim\nARG APP_HOME=/srv/app\nWORKDIR $APP_HOEM\n' },
      good: { dockerfile: 'FROM debian:13-slim\nARG APP_HOME=/srv/app\nWORKDIR $APP_HOME\n' },
      switchOff: 'Where base images of your own set variables that Ballast does not know of.',
      references: ['https://docs.docker.com/reference/build-checks/undefined-var/'],
    },
  },

  *check(context) {
    for (const stage of context.dockerfile.stages) {
      const environment = baseEnvironment(stage, context.images);
      for (const one of undefinedVariables(stage, context.dockerfile.syntax.escape, environment ?? [])) {
        // A base image that nobody knows may set any variable, but hardly one that BuildKit provides.
        if (environment !== undefined || automaticArguments.has(one.name)) {
          const isDL3044 = refersToNeighbour(one, context.dockerfile.text);
          yield {
            ...findingOf(one, context),
            aliases: isDL3044 ? ['UndefinedVar', 'DL3044'] : ['UndefinedVar'],
          };
        }
      }
    }
  },
};

/** What hadolint calls DL3044: a plain `$NAME` or `${NAME}` that another entry of the same ENV sets. */
function refersToNeighbour({ step, name, span }: UndefinedVariable, text: string): boolean {
  const { keyword, pairs } = step.instruction;
  const isPlain = text[span.start - 1] === '$' || text[span.end] === '}';
  const own = pairs.find((pair) => pair.span.start <= span.start && span.end <= pair.span.end);
  return keyword === 'ENV' && isPlain && own?.name !== name && pairs.some((pair) => pair.name === name);
}

function findingOf({ step, name, span, known }: UndefinedVariable, context: AnalysisContext): Finding {
  const { dockerfile } = context;
  const isInHead = headArguments(dockerfile).has(name);
  if (isInHead || automaticArguments.has(name)) {
    const fix: Fix = {
      title: `Declare ARG ${name} in this stage`,
      applicability: 'review',
      edits: [insertedArgument(dockerfile.syntax, step.instruction, name)],
    };
    const where = isInHead ? `ARG ${name} stands above FROM` : `BuildKit provides ${name}`;
    return {
      message: `${where}, and this stage does not declare it: $${name} is empty here.`,
      span,
      fixes: [fix],
    };
  }
  const rest = dockerfile.text.slice(span.end, span.end + 2);
  if (/^:?[-+]/.test(rest)) {
    return {
      message: `Nothing sets $${name} above this line, so what stands behind it always counts. Is its ARG missing?`,
      span,
      severity: 'information',
    };
  }
  const appended = withoutItself(dockerfile.text, step, name, span);
  const nearest = nearestName(name, known);
  const message = `Nothing sets $${name} above this line: it is empty here.`;
  if (appended !== undefined) {
    return { message, span, fixes: [appended] };
  }
  if (nearest === undefined || dockerfile.text.slice(span.start, span.end) !== name) {
    return { message, span };
  }
  const fix: Fix = { title: `Write ${nearest}`, applicability: 'review', edits: [{ span, text: nearest }] };
  return { message: `${message} Is ${nearest} meant?`, span, fixes: [fix] };
}

/** `ENV LIST=value:$LIST` with an empty LIST leaves an empty entry, which stands for the current folder. */
function withoutItself(text: string, step: Step, name: string, at: Span): Fix | undefined {
  const isOwn =
    step.instruction.keyword === 'ENV' && step.instruction.pairs.some((pair) => pair.name === name);
  const before = /:\$\{?$/.exec(text.slice(Math.max(0, at.start - 3), at.start))?.[0];
  const isBraced = before?.endsWith('{') === true;
  if (!isOwn || before === undefined || (isBraced && text.charAt(at.end) !== '}')) {
    return undefined;
  }
  const whole = { start: at.start - before.length, end: at.end + (isBraced ? 1 : 0) };
  return {
    title: `Remove ${text.slice(whole.start, whole.end)}`,
    applicability: 'review',
    edits: [{ span: whole, text: '' }],
  };
}
