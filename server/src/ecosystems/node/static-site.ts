import { webServer } from '../../images/families/runtime-bases.ts';
import { readJsonc } from '../../project/formats/jsonc.ts';
import { objectOf, textOf, valueAt } from '../../project/formats/values.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { isLockInStep } from './manifests.ts';
import type { NodePackage } from './package.ts';
import { type SiteServer, siteServerOf } from './site-servers.ts';
import type { NodeStart } from './start.ts';
import { nodeToolchain } from './toolchain.ts';

/** Frameworks that run on the server: what they build is no folder of files. */
const serverFrameworks = [
  '@sveltejs/kit',
  'nuxt',
  'astro',
  '@remix-run/dev',
  'vinxi',
  'vike',
  'vite-plugin-ssr',
  '@react-router/dev',
  '@tanstack/react-start',
  '@analogjs/platform',
  '@angular/ssr',
  '@nguniversal/express-engine',
];

/** Bundlers of applications with one page and routes of their own. */
const singlePageBundlers = ['react-scripts', '@vue/cli-service', '@angular/cli', 'vite'];

/** Where that server expects the files and the description of the site. */
/** Programs that services call in a container of Node.js, and that the web server's image has not. */
const otherPrograms = /^(?:curl|bash|node|npm|npx|yarn|pnpm|bun|bunx|python3?|serve)$/;

const filesFolder = '/usr/share/nginx/html';
const configurationFile = '/etc/nginx/conf.d/default.conf';

/** Puts what Vite, Create React App, Angular or Vue CLI built on a web server. */
export function planStaticSite(
  input: PlanInput,
  found: NodePackage,
  start: NodeStart,
): RuntimePlan | Refusal {
  const { project, directory, workdir, stage } = input;
  const all = { ...found.dependencies, ...found.devDependencies };
  const program = siteServerOf(start.words);
  const server = readFileServer(program, start);
  const framework = serverFrameworks.find((name) => all[name] !== undefined);
  if (framework !== undefined && server.folder === undefined && program?.program !== 'astro') {
    return {
      code: 'site-server-unknown',
      reason: `${framework} may need a server of its own, so that files alone are not enough.`,
    };
  }
  const isSinglePage =
    server.isSinglePage ||
    (framework === undefined && singlePageBundlers.some((name) => all[name] !== undefined));
  const output = server.folder ?? outputFolder(input, all, program, start);
  if (typeof output === 'object') {
    return output;
  }
  if (found.fields.includes('proxy') || forwards(input)) {
    return {
      code: 'development-server',
      reason: 'The development server also forwards requests, which a web server would have to be told.',
    };
  }
  if (project.reader.read('nginx.conf') !== undefined) {
    return {
      code: 'site-server-unknown',
      reason: 'There is an nginx.conf already, and whether it fits this site is not known.',
    };
  }
  const exposed = stage.steps
    .filter((step) => step.instruction.keyword === 'EXPOSE')
    .flatMap((step) => step.instruction.words.map((word) => /^(\d+)(?:\/tcp)?$/.exec(word.value)?.[1]));
  const variable = program?.honoursPort === true ? stage.end.environment.get('PORT') : undefined;
  const [single] = exposed;
  const port = server.port ?? variable ?? single ?? server.usualPort;
  if (port === undefined || !/^\d+$/.test(port) || exposed.length > 1) {
    return {
      code: 'site-server-unknown',
      reason: 'The port on which the site is to be served is not exposed.',
    };
  }
  const probe = stage.steps.find((step) => step.instruction.keyword === 'HEALTHCHECK');
  if (probe !== undefined && !/\bwget\b|\bNONE\b/.test(probe.instruction.line.text)) {
    return {
      code: 'starts-other-programs',
      reason: 'The health check calls a program that the web server’s image may lack.',
    };
  }
  const deployed = input.facts.deployedWords().find((word) => otherPrograms.test(word));
  if (deployed !== undefined) {
    return {
      code: 'starts-other-programs',
      reason: `A service of the project calls ${deployed} in the container, which the web server’s image may lack.`,
    };
  }
  if (stage.steps.some((step) => ['USER', 'VOLUME'].includes(step.instruction.keyword))) {
    return {
      code: 'site-server-unknown',
      reason: 'The stage sets a user or volumes, which the web server’s image has of its own.',
    };
  }
  return {
    base: webServer,
    content: 'server',
    packages: [],
    change: (at) => {
      const install = nodeToolchain.readInstall(at.command);
      const isLocked =
        install?.tool === 'npm' &&
        !install.isFrozen &&
        at.command.args.length === 1 &&
        isLockInStep(project, directory);
      return install === undefined
        ? undefined
        : {
            ...(isLocked ? { text: 'npm ci' } : {}),
            caches: nodeToolchain.caches(at, input.traits, input.project),
          };
    },
    copies: [
      { from: workdir === '/' ? `/${output}` : `${workdir}/${output}`, to: filesFolder, isFile: false },
    ],
    beforeCopies: [{ kind: 'copy', source: 'nginx.conf', target: configurationFile }],
    start: [],
    files: [{ path: 'nginx.conf', text: configuration(port, isSinglePage) }],
    needless: ['Node.js and all modules', 'the sources'],
    assumptions: [
      `The build writes the site to ${output}; nothing of it runs on a server.`,
      isSinglePage
        ? 'Unknown paths get index.html, as in an application with its own routes.'
        : 'Every page is a file; unknown paths get 404.html, where there is one.',
    ],
  };
}

function configuration(port: string, isSinglePage: boolean): string {
  return isSinglePage
    ? `server {
    listen ${port};
    root ${filesFolder};

    location / {
        try_files $uri $uri/ /index.html;
    }
}
`
    : `server {
    listen ${port};
    root ${filesFolder};
    error_page 404 /404.html;

    location / {
        try_files $uri $uri.html $uri/ =404;
    }
}
`;
}

/** What the start command says of how a folder of files is served. */
interface FileServer {
  /** The folder it names, seen from the project; undefined where it takes the bundler's own. */
  readonly folder: string | undefined;
  /** The port it names. */
  readonly port: string | undefined;
  /** The port it listens on when nothing names one. */
  readonly usualPort: string | undefined;
  /** True where unknown paths get the start page. */
  readonly isSinglePage: boolean;
}

/** Options of these servers that take a value as a word of its own. */
const valuedOptions = [
  '-l',
  '--listen',
  '-p',
  '--port',
  '-c',
  '--config',
  '-a',
  '--host',
  '-d',
  '--dir',
  '--directory',
];

function readFileServer(server: SiteServer | undefined, { words }: NodeStart): FileServer {
  const [, verb = ''] = words;
  const rest = words.slice(server?.folder === '--dir' ? 2 : 1);
  const value = (...options: readonly string[]): string | undefined =>
    rest.flatMap((word, i) => {
      const joined = options.find((one) => word.startsWith(`${one}=`));
      return joined !== undefined
        ? [word.slice(joined.length + 1)]
        : options.includes(word)
          ? [rest[i + 1] ?? '']
          : [];
    })[0];
  const operand = rest.find((word, i) => !word.startsWith('-') && !valuedOptions.includes(rest[i - 1] ?? ''));
  const named = server?.folder === '--dir' ? value('--dir') : server?.folder === 'word' ? operand : undefined;
  const folder = named?.replace(/^\.\//, '').replace(/(?<!\/)\/+$/, '');
  const isTold = rest.some((word) => /^(?:-s|--single|-[a-z]*s)$/.test(word));
  return {
    folder: folder === undefined || folder === '.' || /^\/|\.\.|\$/.test(folder) ? undefined : folder,
    port: /(?<!\d)(\d+)$/.exec(value('-l', '--listen', '-p', '--port') ?? '')?.[1],
    usualPort: server?.ports[verb] ?? server?.ports[''],
    isSinglePage:
      server?.serves === 'files' ? isTold && server.program !== 'http-server' : server?.serves === 'page',
  };
}

/** The folder that the bundler writes to, or why it is not known. */
function outputFolder(
  input: PlanInput,
  all: Readonly<Record<string, string>>,
  server: SiteServer | undefined,
  start: NodeStart,
): string | Refusal {
  const { project, directory } = input;
  if (server?.program === 'astro') {
    return astroFolder(input);
  }
  if (server?.output !== undefined) {
    return server.output;
  }
  if (all['react-scripts'] !== undefined) {
    return 'build';
  }
  if (all['@vue/cli-service'] !== undefined) {
    return readOption(input, ['vue.config.js'], 'outputDir') ?? 'dist';
  }
  if (all['@angular/cli'] !== undefined) {
    return angularFolder(input);
  }
  if (all['vite'] !== undefined) {
    if (project.reader.read(joinPath(directory, 'index.html')) === undefined) {
      return {
        code: 'manifest-unreadable',
        reason: 'There is no index.html at the root of the project, as Vite expects it.',
      };
    }
    const names = ['ts', 'js', 'mts', 'mjs'].map((ending) => `vite.config.${ending}`);
    const base = readOption(input, names, 'base');
    if (base !== undefined && !['/', './', ''].includes(base)) {
      return { code: 'site-server-unknown', reason: `The site is built for the path ${base}.` };
    }
    return readOption(input, names, 'outDir') ?? 'dist';
  }
  return {
    code: 'start-unknown',
    reason: `It is not known which folder \`${nameOf(start.words[0] ?? '')}\` serves.`,
  };
}

/** Astro writes a folder of files unless it is given an adapter for a server. */
function astroFolder(input: PlanInput): string | Refusal {
  const names = ['mjs', 'ts', 'js', 'mts', 'cjs'].map((ending) => `astro.config.${ending}`);
  const text = names
    .map((name) => input.project.reader.read(joinPath(input.directory, name)))
    .find((one) => one !== undefined);
  if (text !== undefined && /\badapter\s*:|\boutput\s*:\s*["'](?:server|hybrid)/.test(text)) {
    return {
      code: 'development-server',
      reason: 'Astro builds a server here, of which `astro preview` is only a trial.',
    };
  }
  const base = readOption(input, names, 'base');
  return base === undefined || base === '/'
    ? (readOption(input, names, 'outDir') ?? 'dist')
    : { code: 'site-server-unknown', reason: `The site is built for the path ${base}.` };
}

function readOption(
  { project, directory }: PlanInput,
  names: readonly string[],
  option: string,
): string | undefined {
  for (const name of names) {
    const text = project.reader.read(joinPath(directory, name));
    const value = new RegExp(`\\b${option}\\s*:\\s*["'\`]([^"'\`]*)["'\`]`).exec(text ?? '')?.[1];
    if (value !== undefined) {
      return option === 'outDir' ? value.replace(/^\.\//, '').replace(/\/$/, '') : value;
    }
  }
  return undefined;
}

/** True when the development server is told to pass requests on to another one. */
function forwards({ project, directory }: PlanInput): boolean {
  const names = [
    'vite.config.ts',
    'vite.config.js',
    'vite.config.mts',
    'vite.config.mjs',
    'vue.config.js',
    'proxy.conf.json',
    'src/setupProxy.js',
  ];
  return names.some((name) => {
    const text = project.reader.read(joinPath(directory, name));
    return text !== undefined && (/\bproxy\s*:/.test(text) || /proxy/i.test(name));
  });
}

/** Angular's application builder writes to a folder `browser` of its own; older ones to the folder itself. */
function angularFolder({ project, directory }: PlanInput): string | Refusal {
  const text = project.reader.read(joinPath(directory, 'angular.json'));
  const projects = objectOf(valueAt(readJsonc(text ?? ''), 'projects'));
  const applications = Object.entries(projects).filter(
    ([, one]) => valueAt(one, 'projectType') !== 'library',
  );
  const [first] = applications;
  if (applications.length !== 1 || first === undefined) {
    return { code: 'manifest-unreadable', reason: 'angular.json does not name one application.' };
  }
  const [name, application] = first;
  const path = valueAt(application, 'architect', 'build', 'options', 'outputPath') ?? `dist/${name}`;
  if (typeof path !== 'string') {
    return { code: 'output-unknown', reason: 'Where Angular writes the site is not understood.' };
  }
  const builder = textOf(valueAt(application, 'architect', 'build', 'builder'));
  return builder?.endsWith(':application') === true ? `${path}/browser` : path;
}
