import { type SourceFile, sourceFiles } from '../../ecosystems/source-text.ts';
import { directoryOf, joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeForView } from '../../project/view.ts';
import { argumentText } from '../../syntax/tree.ts';
import { memoize } from '../../text/memoize.ts';
import type { AnalysisContext } from '../context.ts';
import { unequipped } from '../deployment/unequipped.ts';
import { insistsOnSettings } from '../needs/read-files.ts';
import { type ContextEntry, contextEntries, sentFiles } from '../siblings/context-entries.ts';
import { isGitIgnored } from '../siblings/git-ignore.ts';
import { isSecretContent, maxSecretBytes, mayHoldSecret } from './secret-content.ts';

/** Keys whose value is nobody else's business. */
const secretKey =
  /(?:secret|token|passw(?:or)?d|passphrase|pwd|api_?key|private|credential|database_url|_dsn|access_key|auth)/i;

/** Files of these folders are made for tests and examples. */
const sampleFolder = /(?:^|\/)(?:tests?|testdata|__tests__|spec|fixtures?|examples?|samples?|mocks?|docs)\//i;

/** The files that Rails keeps the key of its credentials in. */
const railsKey = /(?:^|\/)config\/(?:master|credentials\/\w+)\.key$/;

/** What the text of a file must hold to be a secret, by its name; files that are not named are secrets by their nature. */
const evidence: readonly (readonly [RegExp, RegExp])[] = [
  // The key of Rails' credentials.
  [railsKey, /^[0-9a-f]{32}\s*$/],
  [/(?:^|\/)id_[a-z0-9]+$|\.(?:pem|key|ppk)$/, /PRIVATE KEY|PuTTY-User-Key-File/],
  [/(?:^|\/)\.npmrc$/, /_(?:authToken|password|auth)\s*=\s*(?!["']?\$\{)\S/],
  [/(?:^|\/)\.pgpass$/, /^(?:[^#:\n]{1,200}:){4}\S/m],
  [/(?:^|\/)(?:\.netrc|\.pypirc)$/, /password\s*(?:[:=]\s*)?\S/],
  [/credentials\.json$|service-?account(?:key)?\.json$/i, /private_key|client_secret|secret/],
  [/kubeconfig$/, /token|client-key-data|password/],
  [/\.tfvars$/, secretKey],
];

/** Files whose text is looked at, where their name says nothing. */
const maxRead = 120;

/** Files with secrets that are sent, by their name and by their content; those that the Dockerfile names included. */
export function secretFiles({ project }: AnalysisContext): readonly ContextEntry[] {
  return secretsOf(project);
}

const secretsOf = memoizeForView((project: Project): readonly ContextEntry[] => {
  const entries = contextEntries(project);
  const named = entries.filter(
    ({ path, clutter: { kind } }) =>
      (kind === 'secret' || kind === 'environment') && holdsSecret(project, path),
  );
  const known = new Set(entries.map(({ path }) => path));
  const inside = entries.filter(({ isFolder, clutter }) => isFolder && clutter.kind !== 'editor');
  const others = sentFiles(project)
    .filter(
      ({ path, bytes = 0 }) =>
        !known.has(path) &&
        bytes <= maxSecretBytes &&
        mayHoldSecret(path) &&
        !isSample(project, path) &&
        !inside.some((folder) => path.startsWith(`${folder.path}/`)),
    )
    .slice(0, maxRead)
    .filter(({ path }) => hasSecretContent(project, path));
  return [
    ...named,
    ...others.map(({ path, bytes }) => ({
      path,
      isFolder: false,
      clutter: { kind: 'secret' as const, pattern: path },
      ...(bytes === undefined ? {} : { totals: { files: 1, bytes } }),
    })),
  ];
});

function hasSecretContent(project: Project, path: string): boolean {
  const text = project.reader.read(path);
  return text !== undefined && text.length <= maxSecretBytes && secretContent(text);
}

const secretContent = memoize(isSecretContent, 500);

function isSample(project: Project, path: string): boolean {
  return (
    /\.(?:example|sample|template|dist|defaults?|test)(?:\.|$)/i.test(path) ||
    sampleFolder.test(`${project.folder ?? ''}/${path}`)
  );
}

/**
 * True where a file whose name says so does hold a secret: its text is looked at where it can be. Settings without any
 * value that looks secret (`.env.production` of a front end, which a build reads) are none.
 */
export function holdsSecret(project: Project, path: string): boolean {
  if (isSample(project, path)) {
    return false;
  }
  const text = project.reader.read(path);
  if (/(?:^|\/)\.env(?:\.[^/]*)?$/.test(path)) {
    const isPart = isSymfony(project, path) && !/\.local$/.test(path);
    return !isPart && (text === undefined || hasSecretSetting(text, /\.local$/.test(path)));
  }
  const wanted = evidence.find(([name]) => name.test(path))?.[1];
  return wanted === undefined || (text !== undefined && wanted.test(text));
}

/** True below a project of Symfony: its `.env` files hold defaults, are kept in Git, and have to be there when it starts. */
export function isSymfony(project: Project, path: string): boolean {
  const manifest = project.reader.read(`${path.slice(0, path.lastIndexOf('/') + 1)}composer.json`) ?? '';
  return /"symfony\/(?:framework-bundle|dotenv|runtime)"/.test(manifest);
}

/**
 * True where sources load settings from a `.env` that a service of the project has from its image alone: it is given
 * none when it starts, and no folder of the host lies over its own.
 */
export function needsSettingsFile(context: AnalysisContext): boolean {
  return (
    isUnequipped(context) &&
    (sourcesOf(context.project).some(({ text }) => loadsSettings.test(text)) ||
      isLoadedByFramework(context.project, '.env'))
  );
}

/** True where a service of the project starts without settings of its own. */
function isUnequipped({ project, dockerfile }: AnalysisContext): boolean {
  return unequipped(project, dockerfile.final) !== undefined;
}

/**
 * True where the program does not start without a file, as far as the sources and the Dockerfile tell: they name it; or the
 * sources load settings from `.env`, and Git does not ignore it, so that everybody's image has been built with it, or a
 * service that runs the image is given no other settings.
 */
export function isRead(context: AnalysisContext, path: string): boolean {
  const { project, dockerfile } = context;
  const sources = sourcesOf(project);
  if (/(?:^|\/)\.env(?:\.[^/]*)?$/.test(path)) {
    const isKept =
      project.tracked?.holds(path) === true ||
      (project.reader.read('.gitignore') !== undefined && !isGitIgnored(project)(path, false));
    const isLoaded =
      sources.some(({ text }) => loadsSettings.test(text)) || isLoadedByFramework(project, path);
    return ((isKept || isUnequipped(context)) && isLoaded) || insistsOnSettings(sources) !== undefined;
  }
  if (railsKey.test(path) && project.reader.read('bin/rails') !== undefined) {
    return true;
  }
  const isNamedInSteps = dockerfile.stages.some((stage) =>
    stage.steps.some(
      ({ instruction }) =>
        !['COPY', 'ADD'].includes(instruction.keyword) && argumentText(instruction).includes(nameOf(path)),
    ),
  );
  return isNamedInSteps || sources.some(({ text }) => text.includes(path));
}

function sourcesOf(project: Project): readonly SourceFile[] {
  return sourceFiles(project, '', /\.(?:[cm]?[jt]sx?|py|go|rb|rs|java|kt|php|cs)$/);
}

const loadsSettings =
  /\benv_file\s{0,5}=\s{0,5}["']\.env|\bdotenv\b|\bload_dotenv\b|\bdecouple\b|\benviron\.Env\b|\bread_env\b|\bgodotenv\b|\bDot[Ee]nv\b|\bdotenvy\b/;

/** Packages that load `.env` without a word in the sources, by the manifest that names them. */
const loaders: readonly (readonly [file: string, names: RegExp])[] = [
  ['composer.json', /"(?:laravel\/(?:framework|lumen-framework)|vlucas\/phpdotenv)"/],
  ['package.json', /"(?:@nestjs\/config|@prisma\/client|next|dotenv(?:-\w+)?|env-cmd|@adonisjs\/core)":/],
  ['Gemfile', /\bdotenv(?:-rails)?\b/],
];

/** True where a framework loads the settings file of its project by itself. */
function isLoadedByFramework(project: Project, path: string): boolean {
  const folder = directoryOf(path);
  return loaders.some(([file, names]) => names.test(project.reader.read(joinPath(folder, file)) ?? ''));
}

/** True where a `NAME=value` line sets something secret to more than a placeholder; of a person's own file, anything that is not public. */
function hasSecretSetting(text: string, isOwn: boolean): boolean {
  return text.split('\n').some((line) => {
    const [, name = '', value = ''] =
      /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*["']?([^"'\r\n]*)/.exec(line) ?? [];
    const isPublic = /^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|GATSBY|EXPO_PUBLIC)_/.test(name);
    return (
      !isPublic &&
      name !== '' &&
      (isOwn || secretKey.test(name)) &&
      value.trim() !== '' &&
      !/^(?:\$\{|<|changeme|your[-_ ]|xxx)/i.test(value)
    );
  });
}
