import type { Variables } from '../../model/expansion.ts';
import { listOf, objectOf, scalarText, valueAt } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { isInComment, type SourceFile, sourceFiles } from '../source-text.ts';
import type { ComposerFile } from './composer-file.ts';
import { scriptNeedingDevelopment } from './install-scripts.ts';

/** True where the environment says that the container is one for development. */
export function isForDevelopment(environment: Variables): boolean {
  return ['dev', 'local', 'development', 'test'].includes(environment.get('APP_ENV') ?? '');
}

/**
 * Says what needs a package of require-dev: the framework in the mode that it starts in, a script that runs with the install, or a
 * source that names a class of one. A sentence without a stop; undefined where nothing is known to.
 */
export function developmentNeed(
  found: ComposerFile,
  install: ShellCommand,
  project: Project,
  directory: ContextPath,
  environment: Variables,
): string | undefined {
  const mode = developmentMode(found, environment);
  if (mode !== undefined) {
    return mode;
  }
  const script = scriptNeedingDevelopment(install, project, directory);
  if (script !== undefined) {
    const { name, program } = script;
    return script.package === undefined
      ? `the script “${name}” runs with the install, and whether ${program} is there without them is not known`
      : `the script “${name}” runs with the install and needs ${program} of ${script.package}`;
  }
  const use = useOfDevelopment(found, project, directory);
  return use === undefined
    ? undefined
    : `${use.file} names ${use.namespace} of ${use.package}; move it to the dependencies first`;
}

/**
 * Symfony starts for development where nothing says otherwise, in the scripts of the install as well, and its kernel loads packages
 * of require-dev then. Up to version 3, which comes as one package, it asks SYMFONY_ENV; Laravel loads what is there.
 */
function developmentMode({ require }: ComposerFile, environment: Variables): string | undefined {
  const isWhole = require['symfony/symfony'] !== undefined;
  if (!isWhole && require['symfony/framework-bundle'] === undefined) {
    return undefined;
  }
  const isOld = isWhole && /(?:^|[\s^~>=|])[23]\./.test(scalarText(require['symfony/symfony']));
  const name = isOld ? 'SYMFONY_ENV' : 'APP_ENV';
  return environment.get(name) === 'prod'
    ? undefined
    : `without ${name}=prod Symfony starts for development, and loads packages that are declared for that`;
}

interface Use {
  readonly file: string;
  readonly namespace: string;
  readonly package: string;
}

/** What asks for the mode first: the class is then named where it is not loaded in production. */
const guard =
  /\b(?:isLocal|environment|getEnvironment|class_exists|runningUnitTests|isDebug)\s{0,5}\(|\b(?:APP_ENV|APP_DEBUG|WP_DEBUG)\b|["'](?:dev|local|test)["']\s{0,5}(?:=>|,|\])/;

/** Folders whose classes nothing loads that answers a request: tests, and data to start with. */
const unloaded =
  /(?:^|\/)(?:database|factories|seeds|seeders|fixtures|DataFixtures|Tests?|stubs)\/|(?:^|\/)_ide_helper\w*\.php$|\.dist\.php$|(?:^|\/)(?:rector|ecs|\.php-cs-fixer|phpstan)[\w.-]*\.php$/;

/** The first source that names a class of a package for development, without asking for the mode first. */
function useOfDevelopment(
  { autoload }: ComposerFile,
  project: Project,
  directory: ContextPath,
): Use | undefined {
  // Some packages keep their classes in the namespace that projects have as well: Laravel's Pint in App.
  const own = ['psr-4', 'psr-0'].flatMap((kind) => Object.keys(objectOf(autoload[kind])));
  const namespaces = namespacesOf(project.reader.read(joinPath(directory, 'composer.lock')) ?? '').filter(
    ([namespace]) => !own.some((one) => one.startsWith(namespace) || namespace.startsWith(one)),
  );
  if (namespaces.length === 0) {
    return undefined;
  }
  for (const source of sourceFiles(project, directory, /\.php$/)) {
    const isLoaded = !unloaded.test(source.path) && !guard.test(source.text);
    const found = isLoaded ? namespaces.find(([namespace]) => names(source, namespace)) : undefined;
    if (found !== undefined) {
      return { file: source.path, namespace: found[0], package: found[1] };
    }
  }
  return undefined;
}

function names({ text }: SourceFile, namespace: string): boolean {
  for (let at = text.indexOf(namespace); at >= 0; at = text.indexOf(namespace, at + 1)) {
    if (!/\w/.test(text.charAt(at - 1)) && !isInComment(text, at)) {
      return true;
    }
  }
  return false;
}

/** The namespaces of the packages for development in composer.lock, with the package that has each. */
const namespacesOf = memoize((text: string): readonly (readonly [namespace: string, name: string])[] => {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    // What cannot be read names no package.
  }
  const listed = (list: string): [string, string][] =>
    listOf(valueAt(lock, list)).flatMap((one) =>
      ['psr-4', 'psr-0'].flatMap((kind) =>
        Object.keys(objectOf(valueAt(one, 'autoload', kind)))
          .filter((namespace) => namespace.length > 3)
          .map((namespace): [string, string] => [namespace, scalarText(valueAt(one, 'name'))]),
      ),
    );
  const production = listed('packages').map(([namespace]) => namespace);
  // A namespace that a package for production lies below, or shares, tells nothing.
  return listed('packages-dev').filter(
    ([namespace]) => !production.some((one) => one.startsWith(namespace) || namespace.startsWith(one)),
  );
}, 40);
