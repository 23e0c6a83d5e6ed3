import { type CommandStep, commandSteps, pathOf } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { memoizeFor } from '../../text/memoize.ts';
import { baseName } from '../stage.ts';

/** Data that a RUN makes: the program writes to it, and it belongs to who made it. */
export interface MadeData {
  /** Absolute path in the image; undefined where the settings of the program tell. */
  readonly path: string | undefined;
  readonly isFile: boolean;
  readonly says: string;
  readonly at: CommandStep;
}

/** Commands that make or change a database: with what settings name, or with the folder that they keep it in. */
const migrations: readonly { readonly words: RegExp; readonly says: string }[] = [
  { words: /^prisma (?:db push|db seed|migrate (?:deploy|dev|reset))/, says: 'makes the database of Prisma' },
  { words: /manage\.py (?:migrate|loaddata|createcachetable)\b/, says: 'migrates the database' },
  { words: /^(?:flask|python -m flask) (?:db upgrade|init-db)/, says: 'migrates the database' },
  { words: /^alembic upgrade/, says: 'migrates the database' },
  {
    words: /\b(?:rails|rake) db:(?:create|migrate|setup|prepare|seed|schema:load)/,
    says: 'migrates the database',
  },
  { words: /artisan migrate\b/, says: 'migrates the database' },
  {
    words: /console doctrine:(?:migrations:migrate|schema:(?:create|update)|database:create)/,
    says: 'migrates the database',
  },
  { words: /^(?:sequelize|sequelize-cli) db:/, says: 'migrates the database' },
  { words: /^knex (?:migrate|seed)/, says: 'migrates the database' },
  { words: /^typeorm .*migration:run/, says: 'migrates the database' },
  { words: /^drizzle-kit (?:push|migrate)/, says: 'migrates the database' },
  { words: /^dotnet ef database update/, says: 'migrates the database' },
  { words: /^diesel (?:setup|migration run|database setup)/, says: 'migrates the database' },
  {
    words: /^(?:sqlx|goose|migrate|dbmate) (?:.* )?(?:up|run|database create)/,
    says: 'migrates the database',
  },
];

const database = /\.(?:db|sqlite3?|db3)$/;

/** The data that the RUN instructions of a stage make as root. */
export function madeData(stage: Stage): MadeData[] {
  return lineage(stage)
    .flatMap((one) => commandSteps(one))
    .filter(({ step }) => /^(?:root|0)(?:$|:)/.test(step.before.user ?? 'root'))
    .flatMap((at) => madeBy(at));
}

function madeBy(at: CommandStep): MadeData[] {
  const { command, directory } = at;
  const migration = migrationOf(command);
  if (migration !== undefined) {
    return [{ path: undefined, isFile: true, says: migration, at }];
  }
  const named = [
    ...(['sqlite3', 'touch', 'cp', 'mv', 'install', 'tee'].includes(baseName(command.name ?? ''))
      ? command.args.slice(-2)
      : []),
    ...command.redirects.flatMap(({ operator, target }) =>
      operator.includes('>') && target !== undefined ? [target] : [],
    ),
  ];
  return named.flatMap((word): MadeData[] => {
    const path = database.test(word.value ?? '') ? pathOf(word, directory) : undefined;
    return path === undefined ? [] : [{ path, isFile: true, says: `\`${command.name}\` makes ${path}`, at }];
  });
}

/** What a command that migrates a database does to it, for evidence. */
const migrationOf = memoizeFor((command: ShellCommand): string | undefined => {
  const words = [command.name ?? '', ...command.args.map((word) => word.value ?? word.text)];
  const line = words
    .join(' ')
    .replace(
      /^(?:npx|yarn|pnpm|bunx|bundle exec|poetry run|uv run|pnpm exec|yarn exec|npm exec(?: --)?) (?:-\S+ )*/,
      '',
    );
  const migration = migrations.find(({ words: pattern }) => pattern.test(line));
  return migration === undefined ? undefined : `\`${line}\` ${migration.says}`;
});
