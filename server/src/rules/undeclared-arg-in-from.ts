import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { automaticArguments } from '../model/automatic-arguments.ts';
import type { Dockerfile, Stage } from '../model/dockerfile.ts';
import { expandText } from '../model/expansion.ts';
import { headArguments } from '../model/head-arguments.ts';
import { nearestName } from '../model/nearest-name.ts';
import { findFlag } from '../syntax/tree.ts';
import { variablePlaces } from '../text/mentions.ts';
import { type Span, span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const undeclaredArgInFrom: Rule = {
  meta: {
    id: 'undeclared-arg-in-from',
    aliases: ['UndefinedArgInFrom'],
    isBuildCheck: true,
    summary: 'FROM uses an argument that is not declared above the first FROM.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'No argument has a name near to it, and which value is meant is not known.',
    needs: [],
    docs: {
      what: 'The image or the platform of a `FROM` holds a variable that no `ARG` above the first `FROM` declares.',
      why: '`FROM` sees only those arguments, not the ones of a stage. The variable is empty, whatever `--build-arg` says.',
      silent: 'BuildKit provides the argument by itself, such as `TARGETPLATFORM`.',
      fix: 'Declares the argument above the first `FROM` as a stage declares it; otherwise writes the name that is nearest, where one is near. For review.',
      bad: { dockerfile: 'ARG NODE_VERSION=24\nFROM node:$NODE_VERSON-slim\n' },
      good: { dockerfile: 'ARG NODE_VERSION=24\nFROM node:$NODE_VERSION-slim\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/reference/build-checks/undefined-arg-in-from/'],
    },
  },

  *check({ dockerfile }) {
    const known = new Set([...automaticArguments.keys(), ...headArguments(dockerfile).keys()]);
    for (const stage of dockerfile.stages) {
      for (const { name, at } of undeclared(stage, known, dockerfile.syntax.escape)) {
        const fix = declaration(dockerfile, name) ?? correction(dockerfile, name, at, known);
        yield {
          message: `${name} is not declared above the first FROM: it is empty here.`,
          span: at,
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

function undeclared(
  stage: Stage,
  known: ReadonlySet<string>,
  escapeChar: string,
): { name: string; at: Span }[] {
  const image = stage.from.words[0];
  const platform = findFlag(stage.from, 'platform');
  const variables = new Map([...known].map((name) => [name, undefined]));
  const found = new Map<string, Span>();
  for (const { text, place } of [
    { text: image?.value ?? '', place: image?.span },
    { text: platform?.value ?? '', place: platform?.valueSpan },
  ]) {
    for (const name of expandText(text, variables, { escape: escapeChar }).missing) {
      found.set(name, found.get(name) ?? place ?? stage.from.keywordSpan);
    }
  }
  return [...found].map(([name, at]) => ({ name, at }));
}

/** The ARG of a stage, repeated where FROM sees it. */
function declaration(dockerfile: Dockerfile, name: string): Fix | undefined {
  const first = dockerfile.stages[0]?.from;
  const pair = dockerfile.stages
    .flatMap((stage) => stage.steps)
    .filter(({ instruction }) => instruction.keyword === 'ARG')
    .flatMap(({ instruction }) => instruction.pairs)
    .find((one) => one.name === name && !/[$\n]/.test(dockerfile.text.slice(one.span.start, one.span.end)));
  if (first === undefined || pair === undefined) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const written = dockerfile.text.slice(pair.span.start, pair.span.end);
  return {
    title: `Declare ARG ${name} above the first FROM`,
    applicability: 'review',
    edits: [layout.insertBefore(first, [`${layout.keyword('ARG')} ${written}`])],
  };
}

function correction(
  dockerfile: Dockerfile,
  name: string,
  within: Span,
  known: ReadonlySet<string>,
): Fix | undefined {
  const nearest = nearestName(name, known);
  const text = dockerfile.text.slice(within.start, within.end);
  const places = variablePlaces(text, name);
  return nearest === undefined || places.length === 0 || !/^\w+$/.test(name)
    ? undefined
    : {
        title: `Write ${nearest}`,
        applicability: 'review',
        edits: places.map((at) => ({
          span: span(within.start + at, within.start + at + name.length),
          text: nearest,
        })),
      };
}
