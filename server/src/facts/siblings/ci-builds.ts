import { parseDocument } from 'yaml';
import { isRecord } from '../../project/build-file.ts';
import { directoryOf, joinPath, resolvePath } from '../../project/paths.ts';
import type { ProjectReader } from '../../project/reader.ts';
import type { ShellParser } from '../../syntax/shell/parser.ts';
import { remember } from '../../text/remember.ts';

/** What pipelines, Makefiles and scripts of a repository do with its images. Paths are relative to its root. */
export interface CiUse {
  readonly builds: readonly {
    readonly file: string;
    readonly dockerfile: string;
    readonly context: string;
  }[];
  /** What runs in containers: the words behind `docker run`, `docker compose exec` … */
  readonly runs: readonly { readonly file: string; readonly text: string }[];
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
const scripts = ['Makefile', 'makefile', 'justfile', 'Taskfile.yml', 'Jenkinsfile'];
const engines = /^(?:docker|podman|nerdctl|docker-compose|buildah)$/;
const maxCharacters = 200_000;
const maxWorkflows = 40;

/** Reads what is done with images in the pipelines of a repository and in the Makefiles of a folder of it. */
export function readCiUse(reader: ProjectReader, folder: string, shell: ShellParser): CiUse {
  const workflows = (reader.list('.github/workflows') ?? [])
    .filter(({ name }) => /\.ya?ml$/.test(name))
    .slice(0, maxWorkflows)
    .map(({ name }) => `.github/workflows/${name}`);
  const folders = folder === '' ? [''] : ['', folder];
  const files = [
    ...workflows,
    ...pipelines,
    ...folders.flatMap((one) => scripts.map((name) => joinPath(one, name))),
  ];
  const uses = files.map((file) => usesOf(file, (reader.read(file) ?? '').slice(0, maxCharacters), shell));
  return { builds: uses.flatMap(({ builds }) => builds), runs: uses.flatMap(({ runs }) => runs) };
}

function usesOf(file: string, text: string, shell: ShellParser): CiUse {
  if (!/docker|podman|buildah|nerdctl/.test(text)) {
    return { builds: [], runs: [] };
  }
  const base = file.startsWith('.') ? '' : directoryOf(file);
  const isYaml = /\.ya?ml$/.test(file);
  const { lines, actions } = isYaml ? readYaml(text) : { lines: text.split('\n'), actions: [] };
  const builds: CiUse['builds'][number][] = actions.flatMap(({ context, dockerfile }) =>
    place(file, '', context, dockerfile),
  );
  const runs: CiUse['runs'][number][] = [];
  for (const line of lines.filter((one) => /docker|podman|buildah|nerdctl/.test(one))) {
    const script = shell.parse(line.trim().replace(/^[@-]+/, ''));
    for (const { name, args } of script.commands) {
      if (name === undefined || !engines.test(name)) {
        continue;
      }
      const words = args.map((word) => word.value ?? word.text);
      const verb = words.findIndex((word) => /^(?:run|exec|build|bud)$/.test(word));
      if (words[verb] === 'run' || words[verb] === 'exec') {
        runs.push({ file, text: words.slice(verb + 1).join(' ') });
      } else if (words[verb] !== undefined) {
        const behind = words.slice(verb + 1);
        const at = behind.findIndex((word) => word === '-f' || word === '--file');
        const named = behind[at + 1] ?? '';
        const dockerfile = at < 0 ? behind.find((word) => word.startsWith('--file='))?.slice(7) : named;
        builds.push(...place(file, base, behind.at(-1) ?? '.', dockerfile));
      }
    }
  }
  return { builds, runs };
}

function place(
  file: string,
  base: string,
  context: string,
  dockerfile: string | undefined,
): CiUse['builds'][number][] {
  const folder = resolvePath(base, context);
  const path =
    folder === undefined
      ? undefined
      : dockerfile === undefined
        ? joinPath(folder, 'Dockerfile')
        : resolvePath(base, dockerfile);
  return folder === undefined || path === undefined || /[$`]/.test(`${folder}${path}`)
    ? []
    : [{ file, context: folder, dockerfile: path }];
}

interface YamlUse {
  readonly lines: readonly string[];
  readonly actions: readonly { readonly context: string; readonly dockerfile: string | undefined }[];
}

/** Every text of a YAML file, and what `docker/build-push-action` is given. */
const readYaml = remember((text: string): YamlUse => {
  const lines: string[] = [];
  const actions: YamlUse['actions'][number][] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      lines.push(...value.replace(/\\\n/g, ' ').split('\n'));
    } else if (Array.isArray(value) && depth < 30) {
      for (const item of value) {
        visit(item, depth + 1);
      }
    } else if (isRecord(value) && depth < 30) {
      const given = isRecord(value['with']) ? value['with'] : {};
      if (/^docker\/(?:build-push|bake)-action/.test(String(value['uses'] ?? ''))) {
        const dockerfile = given['file'];
        actions.push({
          context: String(given['context'] ?? '.').replace(/^\{\{defaultContext\}\}:?/, '') || '.',
          dockerfile: typeof dockerfile === 'string' ? dockerfile : undefined,
        });
      }
      for (const item of Object.values(value)) {
        visit(item, depth + 1);
      }
    }
  };
  try {
    visit(parseDocument(text, { merge: true, logLevel: 'silent' }).toJS({ maxAliasCount: 100 }), 0);
  } catch {
    // Aliases that multiply beyond reason: nothing of the file is known.
  }
  return { lines, actions };
}, 40);
