import { readInstall } from '../ecosystems/index.ts';
import { bundlerSetting } from '../ecosystems/ruby/bundler.ts';
import { developmentGems } from '../ecosystems/ruby/groups.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { runningStage } from '../facts/stage.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { lineage, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { joinPath } from '../project/paths.ts';
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
    needs: ['project'],
    docs: {
      what: 'A `bundle install` of the stage that ships takes every group of the Gemfile, those for development and tests among them.',
      why: 'Test runners, linters and debuggers, with all they depend on, are stored, pulled and scanned, and nothing in production runs them.',
      silent:
        'The Gemfile is not known or names no gem for development alone; `BUNDLE_WITHOUT`, `BUNDLE_WITH`, `BUNDLE_ONLY`, `bundle config` or an option of the install choose the groups; the container runs with `RAILS_ENV=development` or `test`, or starts one of those gems.',
      fix: 'Sets `BUNDLE_WITHOUT` above the install, which Bundler reads when the program starts as well. None where a later command of the build runs one of those gems. For review: the program may load one of them.',
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
    const steps = lineage(final).flatMap((stage) => commandSteps(stage).map((at) => ({ at, stage })));
    const found = steps.find(({ at }) => readInstall(at.command)?.tool === 'bundle');
    const folder =
      found?.at.directory === undefined
        ? undefined
        : buildFolderOf(context.dockerfile, found.stage, found.at.directory);
    if (
      found === undefined ||
      folder === undefined ||
      choosesGroups(
        final,
        steps.map(({ at }) => at),
      )
    ) {
      return;
    }
    const { gems, groups } = developmentGems(context.project.reader.read(joinPath(folder, 'Gemfile')) ?? '');
    const started = startCommand(final).words;
    if (gems.length === 0 || gems.some((gem) => started.includes(gem))) {
      return;
    }
    const user = steps.find(({ at }) => at !== found.at && runsOneOf(at, gems));
    const layout = new Layout(context.dockerfile.syntax);
    const { instruction } = found.at.step;
    const value = groups.join(':');
    yield {
      message: `\`bundle install\` brings ${gems.length === 1 ? '1 gem' : `${gems.length} gems`} for development and tests into what ships: ${nameSome(gems)}.${user === undefined ? '' : ` No fix is offered: \`${user.at.command.name}\` runs later and may need them.`}`,
      span: found.at.script.sourceSpan(found.at.command.nameWord.span),
      fixes:
        user === undefined
          ? [
              {
                title: `Set BUNDLE_WITHOUT=${value}`,
                applicability: 'review',
                edits: [
                  layout.insertBefore(instruction, [`${layout.keyword('ENV')} BUNDLE_WITHOUT=${value}`]),
                ],
                assumptions: [`The program loads no gem of the groups ${groups.join(' and ')}.`],
              },
            ]
          : [],
    };
  },
};

function choosesGroups(stage: Stage, steps: readonly CommandStep[]): boolean {
  const { environment } = stage.end;
  const isDevelopment = /^(?:development|test)$/.test(
    environment.get('RAILS_ENV') ?? environment.get('RACK_ENV') ?? '',
  );
  return (
    isDevelopment ||
    ['BUNDLE_WITHOUT', 'BUNDLE_WITH', 'BUNDLE_ONLY'].some((name) => environment.has(name)) ||
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
  return [command.name ?? '', ...command.args.map((word) => word.text)].some((word) =>
    gems.some((gem) => word === gem || (gem.startsWith(`${word}-`) && word.length > 3)),
  );
}
