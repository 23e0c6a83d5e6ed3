import { sourceFiles } from '../../ecosystems/source-text.ts';
import type { Project } from '../../project/project.ts';
import { isGitIgnored } from './git-ignore.ts';

/** Keys whose value is nobody else's business. */
const secretKey =
  /(?:secret|token|passw(?:or)?d|passphrase|pwd|api_?key|private|credential|database_url|_dsn|access_key|auth)/i;

/** Files of these folders are made for tests and examples. */
const sampleFolder = /(?:^|\/)(?:tests?|testdata|__tests__|spec|fixtures?|examples?|samples?|mocks?|docs)\//i;

/** What the text of a file must hold to be a secret, by its name; files that are not named are secrets by their nature. */
const evidence: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|\/)id_[a-z0-9]+$|\.(?:pem|key|ppk)$/, /PRIVATE KEY|PuTTY-User-Key-File/],
  [/(?:^|\/)\.npmrc$/, /_(?:authToken|password|auth)\s*=\s*(?!\s*["']?\$\{)\S/],
  [/(?:^|\/)(?:\.netrc|\.pypirc)$/, /password\s*[:=]?\s*\S/],
  [/credentials\.json$|service-?account(?:key)?\.json$/i, /private_key|client_secret|secret/],
  [/kubeconfig$/, /token|client-key-data|password/],
  [/\.tfvars$/, secretKey],
];

/**
 * True where a file whose name says so does hold a secret: its text is looked at where it can be. Settings without any
 * value that looks secret (`.env.production` of a front end, which a build reads) are none.
 */
export function holdsSecret(project: Project, path: string): boolean {
  if (/\.(?:example|sample|template|dist|defaults?|test)(?:\.|$)/i.test(path)) {
    return false;
  }
  if (sampleFolder.test(`${project.folder ?? ''}/${path}`)) {
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
 * True where the program does not start without a file, as far as the sources tell: they name its path; or they load
 * settings from `.env`, and Git does not ignore it, so that everybody's image has been built with it.
 */
export function isRead(project: Project, path: string): boolean {
  const sources = sourceFiles(project, '', /\.(?:[cm]?[jt]sx?|py|go|rb|rs|java|kt|php|cs)$/);
  if (/(?:^|\/)\.env(?:\.[^/]*)?$/.test(path)) {
    const isKept = project.reader.read('.gitignore') !== undefined && !isGitIgnored(project)(path, false);
    return isKept && sources.some(({ text }) => loadsSettings.test(text));
  }
  return sources.some(({ text }) => text.includes(path));
}

const loadsSettings =
  /\bdotenv\b|\bload_dotenv\b|\bdecouple\b|\benviron\.Env\b|\bread_env\b|\bgodotenv\b|\bDotEnv\b|\bdotenvy\b/;

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
