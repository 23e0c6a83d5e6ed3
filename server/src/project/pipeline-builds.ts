import { memoize } from '../text/memoize.ts';
import { isRecord } from './build-file.ts';
import { listOf, objectOf, scalarText, valueAt } from './formats/values.ts';
import { parseYaml } from './formats/yaml.ts';
import { directoryOf, joinPath, resolvePath } from './paths.ts';
import { isUnchanging, type ProjectReader } from './reader.ts';

/** A build that a pipeline, a Makefile or a script runs. Paths are relative to the root of the reader. */
export interface PipelineBuild {
  /** The file that runs it. */
  readonly file: string;
  readonly dockerfile: string;
  readonly context: string;
  /** True where the Dockerfile is named, and not the usual one of the context. */
  readonly isNamed: boolean;
}

const pipelines = [
  '.gitlab-ci.yml',
  '.circleci/config.yml',
  'bitbucket-pipelines.yml',
  'azure-pipelines.yml',
  'cloudbuild.yaml',
  'cloudbuild.yml',
  '.drone.yml',
  '.woodpecker.yml',
  '.travis.yml',
];
const scripts = ['Makefile', 'makefile', 'GNUmakefile', 'justfile', 'Taskfile.yml', 'Jenkinsfile'];
const scriptFolders = ['', 'scripts', 'script', 'bin', 'ci', 'build', 'docker', 'hack', '.ci'];
const maxCharacters = 200_000;
const maxFiles = 40;

/** The files of a repository that may work with containers: its pipelines, and the Makefiles and scripts of a folder of it. */
export function pipelineFiles(reader: ProjectReader, folder: string): readonly string[] {
  const named = (one: string, pattern: RegExp): string[] =>
    (reader.list(one) ?? [])
      .filter(({ kind, name }) => kind === 'file' && pattern.test(name))
      .slice(0, maxFiles)
      .map(({ name }) => joinPath(one, name));
  const folders = folder === '' ? [''] : ['', folder];
  return [
    ...named('.github/workflows', /\.ya?ml$/),
    ...pipelines,
    ...folders.flatMap((one) => scripts.map((name) => joinPath(one, name))),
    ...scriptFolders.flatMap((one) => named(one, /\.sh$/)),
  ];
}

/** The text of a file that works with containers, as long as it is read; empty for every other one. */
export function pipelineText(reader: ProjectReader, file: string): string {
  const text = (reader.read(file) ?? '').slice(0, maxCharacters);
  return /docker|podman|buildah|nerdctl/.test(text) ? text : '';
}

const kept = new WeakMap<ProjectReader, Map<string, readonly PipelineBuild[]>>();

/** The builds that the pipelines of a repository run, and the Makefiles and scripts of a folder of it. */
export function pipelineBuilds(reader: ProjectReader, folder: string): readonly PipelineBuild[] {
  const known = kept.get(reader) ?? new Map<string, readonly PipelineBuild[]>();
  const found =
    known.get(folder) ??
    pipelineFiles(reader, folder)
      .flatMap((file) => buildsOf(file, pipelineText(reader, file)))
      // What the pipeline makes or fetches is not here, and says nothing of what is.
      .filter(({ context }) => context === '' || reader.list(context) !== undefined);
  if (isUnchanging(reader)) {
    kept.set(reader, known.set(folder, found));
  }
  return found;
}

function buildsOf(file: string, text: string): PipelineBuild[] {
  if (text === '') {
    return [];
  }
  // Pipelines and scripts run in the root of the repository, Makefiles in their own folder.
  const base = file.startsWith('.') || file.endsWith('.sh') ? '' : directoryOf(file);
  const { lines, actions } = pipelineLines(file, text);
  return [
    ...actions.flatMap(({ context, dockerfile }) => place(file, '', context, dockerfile)),
    ...lines.flatMap((line) => {
      const build = buildOfLine(line);
      return build === undefined ? [] : place(file, base, build.context, build.dockerfile);
    }),
  ];
}

function place(file: string, base: string, context: string, dockerfile: string | undefined): PipelineBuild[] {
  const folder = resolvePath(base, context);
  const path =
    folder === undefined
      ? undefined
      : dockerfile === undefined
        ? joinPath(folder, 'Dockerfile')
        : resolvePath(base, dockerfile);
  return folder === undefined || path === undefined || /[$`]/.test(`${folder}${path}`)
    ? []
    : [{ file, context: folder, dockerfile: path, isNamed: dockerfile !== undefined }];
}

const engine = /(?:^|[@\-/"'])(?:docker|podman|nerdctl|buildah)$/;
/** Options of `docker build` that take a value as a word of its own. */
const valued =
  /^(?:-[tfom]|--(?:tag|file|output|memory|build-arg|build-context|target|platform|label|annotation|cache-from|cache-to|network|secret|ssh|progress|builder|iidfile|metadata-file|add-host|shm-size|attest|allow|isolation|pull-policy|format|authfile|creds))$/;
/** The folder that a shell or a Makefile stands in. */
const currentFolder =
  /^(?:\$\{?PWD\}?|\$\((?:PWD|CURDIR|pwd)\)|\$\{CURDIR\}|\$\{\{ *github\.workspace *\}\})(?=\/|$)/;

/** What a pipeline, a Makefile or a shell replaces before the line is parted into words. */
const expression = /\$\{\{[^{}\n]*\}\}|\{\{[^{}\n]*\}\}|\$\([^()\n]*\)|`[^`\n]*`/g;

/** What a line builds by `docker build`; undefined where it builds nothing, or its context is not plain to see. */
function buildOfLine(line: string): { context: string; dockerfile: string | undefined } | undefined {
  const text = line.replace(expression, (found) => found.replace(/\s+/g, ''));
  const words = [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/["']/g, ''),
  );
  const start = words.findIndex((word) => engine.test(word));
  const verb = words.findIndex((word, i) => i > start && /^(?:build|bud)$/.test(word));
  if (start < 0 || verb < 0 || verb > start + 4) {
    return undefined;
  }
  let dockerfile: string | undefined;
  let context: string | undefined;
  for (let i = verb + 1; i < words.length; i++) {
    const word = words[i] ?? '';
    if (/^(?:&&|\|\|?|;|>|2>)/.test(word)) {
      break;
    }
    if (/^(?:-f|--file)(?:=|$)/.test(word)) {
      dockerfile = word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[++i];
    } else if (word.startsWith('-')) {
      i += valued.test(word) ? 1 : 0;
    } else {
      context ??= word.replace(/;$/, '');
    }
  }
  const plain = (path: string): string => path.replace(currentFolder, '.');
  return context === undefined || context === '-'
    ? undefined
    : { context: plain(context), dockerfile: dockerfile === undefined ? undefined : plain(dockerfile) };
}

interface PipelineText {
  /** Lines of shell text, continued ones joined. */
  readonly lines: readonly string[];
  /** What `docker/build-push-action` is given. */
  readonly actions: readonly { readonly context: string; readonly dockerfile: string | undefined }[];
}

/** The shell text of a pipeline, a Makefile or a script, and its builds that are no shell text. */
export function pipelineLines(file: string, text: string): PipelineText {
  return /\.ya?ml$/.test(file)
    ? readYaml(text)
    : { lines: text.replace(/\\\r?\n/g, ' ').split('\n'), actions: [] };
}

const readYaml = memoize((text: string): PipelineText => {
  const lines: string[] = [];
  const actions: PipelineText['actions'][number][] = [];
  const visit = (value: unknown, depth: number, rows: readonly MatrixRow[]): void => {
    if (typeof value === 'string') {
      lines.push(...value.replace(/\\\n/g, ' ').split('\n'));
    } else if (Array.isArray(value) && depth < 30) {
      for (const item of value) {
        visit(item, depth + 1, rows);
      }
    } else if (isRecord(value) && depth < 30) {
      const given = isRecord(value['with']) ? value['with'] : {};
      if (/^docker\/(?:build-push|bake)-action/.test(scalarText(value['uses']))) {
        const dockerfile = given['file'];
        const context = scalarText(given['context']).replace(/^\{\{defaultContext\}\}:?/, '') || '.';
        actions.push(
          ...rows.map((row) => ({
            context: inRow(context, row),
            dockerfile: typeof dockerfile === 'string' ? inRow(dockerfile, row) : undefined,
          })),
        );
      }
      const own = matrixRows(value);
      for (const item of Object.values(value)) {
        visit(item, depth + 1, own.length === 0 ? rows : own);
      }
    }
  };
  try {
    visit(parseYaml(text)?.toJS({ maxAliasCount: 100 }), 0, [new Map()]);
  } catch {
    // Aliases that multiply beyond reason: nothing of the file is known.
  }
  return { lines, actions };
}, 40);

/** The values of a matrix in one of its runs, by their names. */
type MatrixRow = ReadonlyMap<string, string>;

const maxRows = 60;

/** The runs of a job of GitHub: those that it includes as a whole, and each value of a list by itself. */
function matrixRows(job: Readonly<Record<string, unknown>>): MatrixRow[] {
  const matrix = valueAt(job, 'strategy', 'matrix');
  const included = listOf(valueAt(matrix, 'include')).map(
    (run) => new Map(Object.entries(objectOf(run)).map(([name, value]) => [name, scalarText(value)])),
  );
  const single = Object.entries(objectOf(matrix)).flatMap(([name, values]) =>
    name === 'include' || name === 'exclude'
      ? []
      : listOf(values).map((value) =>
          isRecord(value)
            ? new Map(Object.entries(value).map(([key, one]) => [`${name}.${key}`, scalarText(one)]))
            : new Map([[name, scalarText(value)]]),
        ),
  );
  return [...included, ...single].slice(0, maxRows);
}

/** A text with what it takes of the matrix; what the run does not say stays as it is written, and is no known path. */
function inRow(text: string, row: MatrixRow): string {
  return text.replace(
    /\$\{\{\s{0,5}matrix\.([\w.-]{1,60})\s{0,5}\}\}/g,
    (whole, name: string) => row.get(name) ?? whole,
  );
}
