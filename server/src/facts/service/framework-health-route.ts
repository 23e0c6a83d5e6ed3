import type { SourceFile } from '../../ecosystems/source-text.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { mentionsWord } from '../../text/mentions.ts';
import type { ContextPath } from '../../text/path-types.ts';

/** What a probe may ask a service, as far as its sources tell. */
export interface HealthRoute {
  readonly path: string;
  /** The lowest status that means that the service is ill: 500 where a healthy one may refuse the probe. */
  readonly unhealthyFrom: 400 | 500;
}

/** Names that routes for health checks have, without the slash. */
export const routeName =
  '(?:health|healthz|healthcheck|health-check|livez|liveness|readyz|heartbeat|ping|up|status)';

type Read = (name: string) => string;

/** The settings that a project of Spring Boot keeps among its sources, as one text. */
export function springSettings(read: Read): string {
  return ['application.properties', 'application.yml', 'application.yaml']
    .map((name) => read(`src/main/resources/${name}`))
    .join('\n');
}

/** Routes that frameworks give by themselves, by the place of a file, or in a way of their own. */
export function frameworkRoute(
  project: Project,
  directory: ContextPath,
  files: readonly SourceFile[],
): HealthRoute | undefined {
  const read: Read = (name) => project.reader.read(joinPath(directory, name)) ?? '';
  const path =
    railsRoute(read) ??
    sinatraRoute(read, files) ??
    laravelRoute(read) ??
    quarkusRoute(read) ??
    springRoute(read, files) ??
    nestRoute(read, files) ??
    nextRoute(read, files);
  return path === undefined ? djangoRoute(files) : { path, unhealthyFrom: 400 };
}

function railsRoute(read: Read): string | undefined {
  const isThere = /^[ \t]*get\s+["']\/?up["']\s*=>\s*["']rails\/health#show["']/m;
  return isThere.test(read('config/routes.rb')) ? '/up' : undefined;
}

/** `get '/health' do` at the top of a file or in a class, as long as nothing puts it below another path. */
function sinatraRoute(read: Read, files: readonly SourceFile[]): string | undefined {
  const named = new RegExp(`^[ \\t]*get[ (]\\s*["'](/${routeName})["']\\s*\\)?\\s*(?:do\\b|\\{)`, 'm');
  return /^[ \t]*map\b/m.test(read('config.ru'))
    ? undefined
    : files
        .filter(
          ({ path, text }) =>
            path.endsWith('.rb') && /sinatra/i.test(text) && !/^[ \t]*namespace\b/m.test(text),
        )
        .map(({ text }) => named.exec(text)?.[1])
        .find((one) => one !== undefined);
}

function laravelRoute(read: Read): string | undefined {
  return /\bhealth:\s*["'](\/[\w/-]+)["']/.exec(read('bootstrap/app.php'))?.[1];
}

/**
 * The endpoint of Quarkus' extension for health checks, as long as no setting moves it, to another port as well, or asks for a login.
 * Before version 1.11 it was another one.
 */
function quarkusRoute(read: Read): string | undefined {
  const builds = ['pom.xml', 'build.gradle', 'build.gradle.kts', 'gradle.properties'].map(read).join('\n');
  const version = /\bquarkus[\w.-]{0,40}version\s{0,5}[>=:]\s{0,5}["']?(\d{1,3})\./i.exec(builds)?.[1];
  const settings = springSettings(read);
  const isMoved =
    /root-path|\bmanagement\b|smallrye-health|quarkus\.health|\bpermission\b|^\s{0,40}health:/m.test(
      settings,
    );
  return /\bquarkus-smallrye-health\b/.test(builds) && Number(version ?? 0) >= 2 && !isMoved
    ? '/q/health'
    : undefined;
}

/** The health endpoint of the actuator, or `@GetMapping("/health")` in a controller without a path of its own. */
function springRoute(read: Read, files: readonly SourceFile[]): string | undefined {
  const settings = springSettings(read);
  const builds = ['pom.xml', 'build.gradle', 'build.gradle.kts'].map(read).join('\n');
  if (/context-path|base-path|servlet\.path/.test(settings)) {
    return undefined;
  }
  if (builds.includes('spring-boot-starter-actuator') && !/management/.test(settings)) {
    return '/actuator/health';
  }
  if (builds.includes('spring-boot-starter-security')) {
    return undefined;
  }
  const mapped = new RegExp(`@GetMapping\\(\\s*(?:(?:value|path)\\s*=\\s*)?"(/${routeName})"`);
  return files
    .filter(({ text }) => /@RestController\b/.test(text) && !/@RequestMapping\b/.test(text))
    .map(({ text }) => mapped.exec(text)?.[1])
    .find((one) => one !== undefined);
}

function nextRoute(read: Read, files: readonly SourceFile[]): string | undefined {
  const isNext =
    read('package.json').includes('"next"') && !files.some(({ text }) => /\bbasePath\b/.test(text));
  const placed =
    /(?:^|\/)(?:app|pages)(\/api\/(?:health|healthz|healthcheck|heartbeat|ping|status))(?:\/route)?\.[jt]s$/;
  return isNext
    ? files.map(({ path }) => placed.exec(path)?.[1]).find((one) => one !== undefined)
    : undefined;
}

/** A path of the urls.py that lies beside the settings. Django refuses hosts that they do not allow, the probe's as well. */
function djangoRoute(files: readonly SourceFile[]): HealthRoute | undefined {
  const settings = files.filter(({ path }) => /(?:^|\/)settings(?:\/\w+)?\.py$/.test(path));
  const folders = settings.map(({ path }) => path.replace(/settings(?:\/\w+)?\.py$/, ''));
  const named = new RegExp(`\\bpath\\(\\s*["'](${routeName}/?)["']\\s*,`);
  const path = files
    .filter(
      (file) => folders.includes(file.path.replace(/urls\.py$/, '')) && !/i18n_patterns/.test(file.text),
    )
    .map(({ text }) => named.exec(text)?.[1])
    .find((one) => one !== undefined);
  const allows = /ALLOWED_HOSTS\s*=\s*[[(][^\])]*["'](?:\*|127\.0\.0\.1)["']/;
  return path === undefined
    ? undefined
    : { path: `/${path}`, unhealthyFrom: settings.some(({ text }) => allows.test(text)) ? 400 : 500 };
}

/** `@Controller('health')` with a `@Get()`, or `@Get('health')` of a controller without a path; of a module, all of them. */
function nestRoute(read: Read, files: readonly SourceFile[]): string | undefined {
  if (
    !read('package.json').includes('"@nestjs/core"') ||
    files.some(({ text }) => /\bsetGlobalPrefix\(|\benableVersioning\(|\bRouterModule\.register\(/.test(text))
  ) {
    return undefined;
  }
  const name = `["'\`]/?(${routeName})["'\`]`;
  const whole = new RegExp(`@Controller\\(\\s*${name}\\s*\\)[^]*?@Get\\(\\s*\\)`);
  const part = new RegExp(`@Controller\\(\\s*\\)[^]*?@Get\\(\\s*${name}\\s*\\)`);
  const registered = files.flatMap(({ text }) =>
    [...text.matchAll(/\bcontrollers\s*:\s*\[([^\]]*)\]/g)].map((match) => match[1] ?? ''),
  );
  const found = files
    .filter(({ text }) => {
      const name = /\bclass\s+(\w+)/.exec(text)?.[1];
      return name !== undefined && registered.some((list) => mentionsWord(list, name));
    })
    .map(({ text }) => (whole.exec(text) ?? part.exec(text))?.[1])
    .find((one) => one !== undefined);
  return found === undefined ? undefined : `/${found}`;
}
