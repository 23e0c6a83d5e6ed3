import type { AnalysisContext } from '../facts/context.ts';
import { allSteps, type Stage, type Step } from '../model/dockerfile.ts';
import { isOfType, type LabelType } from '../model/labels.ts';
import { expand } from '../model/variables.ts';
import type { Pair } from '../syntax/tree.ts';
import { table } from '../text/table.ts';
import type { Finding, Rule } from './rule.ts';

/** What the OCI image specification says of the values of its own labels: for who names no schema. */
const openContainers: Readonly<Record<string, LabelType>> = table({
  'org.opencontainers.image.created': 'rfc3339',
  'org.opencontainers.image.url': 'url',
  'org.opencontainers.image.documentation': 'url',
  'org.opencontainers.image.source': 'url',
  'org.opencontainers.image.licenses': 'spdx',
});

/** What each type is called, and hadolint's code for a value that is none. */
const named: Readonly<Record<Exclude<LabelType, 'text'>, readonly [string, string]>> = {
  url: ['a URL', 'DL3052'],
  rfc3339: ['a time as RFC 3339 writes it, such as 2026-11-30T12:00:00Z', 'DL3053'],
  spdx: ['a license expression of SPDX, such as MIT', 'DL3054'],
  hash: ['a commit of Git, such as 3fa9c1d', 'DL3055'],
  semver: ['a semantic version, such as 1.4.0', 'DL3056'],
  email: ['an e-mail address', 'DL3058'],
};

export const labelBreaksSchema: Rule = {
  meta: {
    id: 'label-breaks-schema',
    aliases: ['DL3049', 'DL3050', 'DL3051', 'DL3052', 'DL3053', 'DL3054', 'DL3055', 'DL3056', 'DL3058'],
    summary: 'A label is missing, not wanted or of another form than the schema says.',
    category: 'correctness',
    severity: 'warning',
    enabled: false,
    fix: 'none',
    unfixed: 'What the label has to say is for the project to say.',
    needs: [],
    docs: {
      what: 'The stage that ships lacks a label that `labelSchema` names, a `LABEL` gives one of them an empty value or one of another form (`text`, `url`, `rfc3339`, `spdx`, `hash`, `semver`, `email`), or, with `strictLabels`, one that is not named. Where no schema is given, the labels whose form the OCI image specification says are checked.',
      why: 'Registries, inventories and update bots read labels by their form, and pass over what they cannot read.',
      silent:
        'The value holds a variable. Stages that do not ship may lack labels. The rule is off unless it is switched on, or hadolint’s settings have a `label-schema`.',
      bad: { dockerfile: 'FROM debian:13-slim\nLABEL org.opencontainers.image.created="last monday"\n' },
      good: {
        dockerfile: 'FROM debian:13-slim\nLABEL org.opencontainers.image.created="2026-11-30T12:00:00Z"\n',
      },
      switchOff: 'Wherever nobody has rules for labels.',
      references: ['https://github.com/opencontainers/image-spec/blob/main/annotations.md'],
    },
  },

  *check(context) {
    yield* missing(context);
    for (const stage of context.dockerfile.stages) {
      for (const { step, pair, name } of labelsOf(stage.steps, context)) {
        const finding = ofLabel(context, step, pair, name);
        if (finding !== undefined) {
          yield finding;
        }
      }
    }
  },
};

/** The labels that a schema names and the image that ships does not have. */
function* missing(context: AnalysisContext): Iterable<Finding> {
  const { final } = context.dockerfile;
  if (final === undefined) {
    return;
  }
  const there = new Set(labelsOf(allSteps(final), context).map(({ name }) => name));
  const names = Object.keys(context.labels.types).filter((name) => !there.has(name));
  if (names.length > 0) {
    yield {
      message: `The image lacks ${names.length > 1 ? 'labels' : 'a label'} of the schema: ${names.join(', ')}.`,
      span: final.imageSpan,
      aliases: ['DL3049'],
    };
  }
}

interface Label {
  readonly step: Step;
  readonly pair: Pair;
  readonly name: string;
}

function labelsOf(steps: Stage['steps'], { dockerfile }: AnalysisContext): Label[] {
  return steps
    .filter(({ instruction }) => instruction.keyword === 'LABEL')
    .flatMap((step) =>
      step.instruction.pairs.map((pair) => ({
        step,
        pair,
        name: expand(pair.name, step.before.variables, dockerfile.syntax.escape) ?? pair.name,
      })),
    );
}

function ofLabel(
  { labels, dockerfile }: AnalysisContext,
  { before }: Step,
  { nameSpan: span, value = '' }: Pair,
  name: string,
): Finding | undefined {
  const isNamed = Object.hasOwn(labels.types, name);
  if (labels.isStrict && !isNamed) {
    return { message: `The schema has no label ${name}.`, span, aliases: ['DL3050'] };
  }
  const types = Object.keys(labels.types).length === 0 ? openContainers : labels.types;
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  const text = value.includes('$') ? undefined : expand(value, before.variables, dockerfile.syntax.escape);
  if (type === undefined || text === undefined) {
    return undefined;
  }
  if (text === '') {
    return { message: `The label ${name} is empty.`, span, aliases: ['DL3051'] };
  }
  if (type === 'text' || isOfType(text, type)) {
    return undefined;
  }
  const [what, code] = named[type];
  return { message: `The label ${name} has to be ${what}.`, span, aliases: [code] };
}
