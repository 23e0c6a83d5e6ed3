import type { AnalysisContext } from '../facts/context.ts';
import { runningStage } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type Copy, isWholeContext, readCopy } from '../model/copy.ts';
import type { Dockerfile, Stage } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import { startCommand } from '../model/start-command.ts';
import type { Project } from '../project/project.ts';
import { formatBytes } from '../sizes/size.ts';
import type { Rule } from './rule.ts';

export const wholeContextInFinalStage: Rule = {
  meta: {
    id: 'whole-context-in-final-stage',
    aliases: [],
    summary: 'The stage that ships copies the sources, although it starts what another stage built.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The program may read files of the sources when it runs.',
    needs: ['project'],
    docs: {
      what: 'The last of several stages copies the whole build context, although the program that it starts was built in another stage and is not among the sources.',
      why: 'The image carries the sources, tests and whatever else lies in the folder, and every changed file makes a new layer.',
      silent:
        'The program lies in the build context itself, as scripts do; a `RUN` below the copy may read the sources; the start command is a script or is not known; the files of the project are not known.',
      fix: 'Removes the copy, where the program is a binary or a `.jar` and nothing lies in the folder that programs read when they run (templates, public files, settings). For review.',
      bad: {
        dockerfile:
          'FROM golang:1.27 AS builder\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM alpine:3.24\nWORKDIR /srv\nCOPY . .\nCOPY --from=builder /app /usr/local/bin/app\nUSER 10001\nCMD ["/usr/local/bin/app"]\n',
        files: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\nfunc main() {}\n' },
      },
      good: {
        dockerfile:
          'FROM golang:1.27 AS builder\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\nFROM alpine:3.24\nWORKDIR /srv\nCOPY --from=builder /app /usr/local/bin/app\nUSER 10001\nCMD ["/usr/local/bin/app"]\n',
        files: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\nfunc main() {}\n' },
      },
      switchOff: 'Where the sources are meant to be in the image.',
      references: ['https://docs.docker.com/build/building/multi-stage/'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || !context.project.isKnown) {
      return;
    }
    const copies = stage.steps.flatMap((step) => readCopy(step, context.dockerfile) ?? []);
    const whole = copies.find(
      (copy) =>
        copy.from === 'context' && copy.sources.length === 1 && isWholeContext(copy.sources[0]?.value ?? ''),
    );
    const program = programOf(stage);
    const built = copies.find((copy) => typeof copy.from === 'object' && brings(copy, program));
    if (whole === undefined || program === undefined || built === undefined) {
      return;
    }
    const below = stage.steps.slice(stage.steps.indexOf(whole.step) + 1);
    const isRead = below.some(({ instruction }) => instruction.keyword === 'RUN');
    if (isRead || liesInContext(whole, program, context.project)) {
      return;
    }
    const bytes = context.project.context?.sent.bytes;
    const source = whole.sources[0];
    const fix = fixFor(context, whole, program);
    yield {
      message: `The sources${bytes === undefined ? '' : ` (${formatBytes(bytes)})`} are copied into the image, although it starts ${program.replace(/^.*\//, '')}, which another stage built.`,
      span: source?.span ?? whole.step.instruction.keywordSpan,
      related: [{ span: built.step.instruction.keywordSpan, message: 'What was built comes from here.' }],
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

/** The absolute path of the program or file that the container starts; undefined where it is not known. */
function programOf(stage: Stage): string | undefined {
  const words = startCommand(stage).words.filter(
    (word) => !/^(?:exec|tini|dumb-init|--|-\w.*)$/.test(word.replace(/^.*\//, '')),
  );
  const [first = '', second] = words;
  const runs = /^(?:node|java|dotnet|bun)$/.test(first) ? second : first;
  const name = runs ?? '';
  const isPath = name.includes('/') || /\.(?:jar|js|mjs|cjs|dll)$/.test(name);
  if (!isPath || /[$`*;&|]|\.sh$/.test(name) || stage.end.workdir === undefined) {
    return undefined;
  }
  return normalizePath(name.startsWith('/') ? name : `${stage.end.workdir}/${name}`);
}

/** True for a copy that puts the program where it starts. */
function brings(copy: Copy, program: string | undefined): boolean {
  const { target } = copy;
  if (target === undefined || program === undefined) {
    return false;
  }
  const names = copy.sources.map((source) => source.value.replace(/\/$/, '').replace(/^.*\//, ''));
  return (
    target === program ||
    (copy.intoFolder && names.some((name) => normalizePath(`${target}/${name}`) === program)) ||
    // A folder of programs, such as a virtual environment, is no program of the project.
    (target !== '/' && /\.\w+$/.test(program) && program.startsWith(`${target}/`))
  );
}

/** True where the copy of the context brings the program itself. */
function liesInContext(whole: Copy, program: string, project: Project): boolean {
  const { target } = whole;
  if (target === undefined || (target !== '/' && !program.startsWith(`${target}/`))) {
    return false;
  }
  const path = program.slice(target === '/' ? 1 : target.length + 1);
  return project.reader.read(path) !== undefined;
}

function fixFor({ dockerfile, project }: AnalysisContext, whole: Copy, program: string): Fix | undefined {
  const isBinary = /\.jar$/.test(program) || !/\.\w+$/.test(program);
  const entries = project.reader.list('') ?? [];
  const isReadAtRunTime = entries.some(({ name, kind }) =>
    kind === 'directory' ? assets.test(name) : settings.test(name) && !manifests.test(name),
  );
  return isBinary && !isReadAtRunTime ? removal(dockerfile, whole) : undefined;
}

function removal(dockerfile: Dockerfile, whole: Copy): Fix {
  const { instruction } = whole.step;
  return {
    title: 'Copy only what was built',
    applicability: 'review',
    edits: [new Layout(dockerfile.syntax).remove(instruction)],
    assumptions: ['The program reads no file of the project when it runs.'],
  };
}

/** Folders that programs read when they run, by their usual names. */
const assets =
  /^(?:public|static|templates?|views|assets|migrations?|db|data|locales?|i18n|lang|web|www|resources|configs?|conf|etc|certs|models|fixtures|seeds?|scripts)$/i;

const settings =
  /\.(?:ya?ml|toml|json|ini|conf|properties|env|html?|tmpl|tpl|sql|sqlite3?|db|pem|crt|txt|csv)$|^\.env/i;

const manifests =
  /^(?:docker-compose.*|compose\..*|package(?:-lock)?\.json|tsconfig.*\.json|Cargo\.toml|rust-toolchain\.toml|pom\.xml|\.golangci\.ya?ml|renovate\.json|cloudbuild\.ya?ml|skaffold\.ya?ml|\.[\w-]+\.ya?ml|LICENSE\.txt|CMakeLists\.txt)$/i;
