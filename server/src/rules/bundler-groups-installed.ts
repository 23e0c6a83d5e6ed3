import { readInstall } from '../ecosystems/index.ts';
import { bundlerSetting } from '../ecosystems/ruby/bundler.ts';
import { gemGroups } from '../facts/installs/gem-groups.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { otherRuns } from '../facts/siblings/other-runs.ts';
import { runningStage } from '../facts/stage.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { type Dockerfile, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { nameSome } from '../text/name-some.ts';
import type { Rule } from './rule.ts';

export const bundlerGroupsInstalled: Rule = {
  meta: {
    id: 'bundler-groups-installed',
    aliases: [],
    summary: 'Bundler installs the gems for development and tests.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Something in the build or the sources may use a gem of those groups.',
    needs: ['project'],
    docs: {
      what: 'A `bundle install` of the stage that ships takes every group of the Gemfile, those for development and tests among them.',
      why: 'Test runners, linters and debuggers, with all they depend on, are stored, pulled and scanned, and nothing in production runs them.',
      silent:
        'The Gemfile is not known or names no gem for development alone; `BUNDLE_WITHOUT`, `BUNDLE_WITH`, `BUNDLE_ONLY`, `bundle config` or an option of the install choose the groups; the container runs with `RAILS_ENV=development` or `test`, or starts one of those gems.',
      fix: 'Sets `BUNDLE_WITHOUT` above the install, which Bundler reads when the program starts as well. None where a later command of the build, another stage, a service or a pipeline runs one of those gems, where Rails runs for development and loads them, and where a source requires one. For review: the program may load one of them in another way.',
      bad: {
        dockerfile:
          'FROM ruby:3.4-slim\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["bundle", "exec", "ruby", "app.rb"]\n',
        files: { Gemfile: 'gem "sinatra"\ngroup :development, :test do\n  gem "rspec"\nend\n' },
      },
      good: {
        dockerfile:
          'FROM ruby:3.4-slim\nWORKDIR /app\nCOPY . .\nENV BUNDLE_WITHOUT=development:test\nRUN bundle install\nCMD ["bundle", "exec", "ruby", "app.rb"]\n',
        files: { Gemfile: 'gem "sinatra"\ngroup :development, :test do\n  gem "rspec"\nend\n' },
      },
      switchOff: 'Where the image also runs the tests.',
      references: ['https://bundler.io/guides/groups.html'],
    },
  },

  *check(context) {
    const final = runningStage(context);
    if (final === undefined || !context.project.isKnown) {
      return;
    }
    const brought = gemsFrom(context.dockerfile, final);
    const stages = [...lineage(final), ...(brought === undefined ? [] : lineage(brought.stage))];
    const steps = [...new Set(stages)].flatMap((stage) => commandSteps(stage).map((at) => ({ at, stage })));
    const found = steps.find(({ at }) => readInstall(at.command)?.tool === 'bundle');
    const folder =
      found?.at.directory === undefined
        ? undefined
        : buildFolderOf(context.dockerfile, found.stage, found.at.directory);
    if (
      found === undefined ||
      folder === undefined ||
      choosesGroups(
        [final, found.stage],
        steps.map(({ at }) => at),
      )
    ) {
      return;
    }
    const { gems, spare, groups, needed } = gemGroups(context, final, folder);
    const started = startCommand(final).words;
    if (gems.length === 0 || gems.some((gem) => started.includes(gem))) {
      return;
    }
    const listed = spare.length > 0 ? spare : gems;
    const user = steps.find(({ at }) => at !== found.at && runsOneOf(at, listed));
    const other = [final, found.stage]
      .flatMap((stage) => otherRuns(context, stage))
      .find(({ words }) => words.some((word) => isOfGem(word, listed)));
    const obstacle =
      user !== undefined
        ? `\`${user.at.command.name}\` runs later and may need them`
        : other !== undefined
          ? `${other.by} runs \`${other.words.slice(0, 3).join(' ')}\` in what this installs`
          : spare.length > 0
            ? undefined
            : needed;
    const layout = new Layout(context.dockerfile.syntax);
    const value = groups.join(':');
    const setting = [`${layout.keyword('ENV')} BUNDLE_WITHOUT=${value}`];
    // Bundler reads the setting when the program starts as well, in the stage that the gems are copied to.
    const places = [
      found.at.step,
      ...(brought === undefined || lineage(final).includes(found.stage) ? [] : [brought.step]),
    ];
    yield {
      message: `\`bundle install\` brings ${listed.length === 1 ? '1 gem' : `${listed.length} gems`} for development and tests into what ships: ${nameSome(listed)}.${obstacle === undefined ? '' : ` No fix is offered: ${obstacle}.`}`,
      span: found.at.script.sourceSpan(found.at.command.nameWord.span),
      fixes:
        obstacle === undefined
          ? [
              {
                title: `Set BUNDLE_WITHOUT=${value}`,
                applicability: 'review',
                edits: places.map(({ instruction }) => layout.insertBefore(instruction, setting)),
                assumptions: [`The program loads no gem of the groups ${groups.join(' and ')}.`],
              },
            ]
          : [],
    };
  },
};

/** The folders that Bundler installs gems to, in the images for Ruby and by its own settings. */
const gemFolders = /(?:^|\/)(?:usr\/local\/bundle|vendor\/bundle|bundle)(?:\/|$)/;

/** The copy that brings the gems of another stage to a stage, with that stage; undefined where there is none. */
function gemsFrom(dockerfile: Dockerfile, final: Stage): { step: Step; stage: Stage } | undefined {
  for (const step of lineage(final).flatMap((stage) => stage.steps)) {
    const copy = readCopy(step, dockerfile);
    if (copy !== undefined && typeof copy.from === 'object' && final.steps.includes(step)) {
      const folder = copy.from.end.environment.get('BUNDLE_PATH');
      if (copy.sources.some(({ value }) => gemFolders.test(value) || value === folder)) {
        return { step, stage: copy.from };
      }
    }
  }
  return undefined;
}

function choosesGroups(stages: readonly [Stage, Stage], steps: readonly CommandStep[]): boolean {
  const { environment } = stages[0].end;
  const isDevelopment = /^(?:development|test)$/.test(
    environment.get('RAILS_ENV') ?? environment.get('RACK_ENV') ?? '',
  );
  return (
    isDevelopment ||
    stages.some(({ end }) =>
      ['BUNDLE_WITHOUT', 'BUNDLE_WITH', 'BUNDLE_ONLY'].some((name) => end.environment.has(name)),
    ) ||
    steps.some(
      ({ command }) =>
        ['without', 'with', 'only'].includes(bundlerSetting(command)?.name ?? '') ||
        command.assignments.some(({ name }) => /^BUNDLE_(?:WITHOUT|WITH|ONLY)$/.test(name)) ||
        (readInstall(command)?.tool === 'bundle' &&
          command.args.some((word) => /^--(?:without|with)\b/.test(word.text))),
    )
  );
}

/** True for a command that runs a gem by its program: `bundle exec rspec`, `rubocop`. */
function runsOneOf({ command }: CommandStep, gems: readonly string[]): boolean {
  return [command.name ?? '', ...command.args.map((word) => word.text)].some((word) => isOfGem(word, gems));
}

function isOfGem(word: string, gems: readonly string[]): boolean {
  return gems.some((gem) => word === gem || (gem.startsWith(`${word}-`) && word.length > 3));
}
