import { parse as parseJsonc } from 'jsonc-parser';
import { joinPath } from '../../project/paths.ts';
import type { PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { isLockInStep } from './manifests.ts';
import type { NodePackage } from './package.ts';
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

/** The web server that a static site ends on: it runs without root and listens above 1024. */
const serverImage = 'nginxinc/nginx-unprivileged:stable-alpine';

/** Where that server expects the files and the description of the site. */
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
  const framework = serverFrameworks.find((name) => all[name] !== undefined);
  if (framework !== undefined) {
    return { reason: `${framework} may need a server of its own, so that files alone are not enough.` };
  }
  const output = outputFolder(input, all, start);
  if (typeof output === 'object') {
    return output;
  }
  if (found.fields.includes('proxy') || forwards(input)) {
    return {
      reason: 'The development server also forwards requests, which a web server would have to be told.',
    };
  }
  if (project.reader.read('nginx.conf') !== undefined) {
    return { reason: 'There is an nginx.conf already, and whether it fits this site is not known.' };
  }
  const ports = stage.steps
    .filter((step) => step.instruction.keyword === 'EXPOSE')
    .flatMap((step) => step.instruction.words.map((word) => /^(\d+)(?:\/tcp)?$/.exec(word.value)?.[1]));
  const [port] = ports;
  if (ports.length !== 1 || port === undefined) {
    return { reason: 'The port on which the site is to be served is not exposed.' };
  }
  const probe = stage.steps.find((step) => step.instruction.keyword === 'HEALTHCHECK');
  if (probe !== undefined && !/\bwget\b|\bNONE\b/.test(probe.instruction.line.text)) {
    return { reason: 'The health check calls a program that the web server’s image may lack.' };
  }
  if (stage.steps.some((step) => ['USER', 'VOLUME'].includes(step.instruction.keyword))) {
    return { reason: 'The stage sets a user or volumes, which the web server’s image has of its own.' };
  }
  return {
    base: serverImage,
    content: 'server',
    packages: [],
    builderStart: [],
    builderEnd: [],
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
    beforeCopies: [`COPY nginx.conf ${configurationFile}`],
    afterCopies: [],
    start: [],
    files: [{ path: 'nginx.conf', text: configuration(port) }],
    needless: ['Node.js and all modules', 'the sources'],
    assumptions: [
      `The build writes the site to ${output}; nothing of it runs on a server.`,
      'Unknown paths get index.html, as in an application with its own routes.',
    ],
  };
}

function configuration(port: string): string {
  return `server {
    listen ${port};
    root ${filesFolder};

    location / {
        try_files $uri $uri/ /index.html;
    }
}
`;
}

/** The folder that the bundler writes to, or why it is not known. */
function outputFolder(
  input: PlanInput,
  all: Readonly<Record<string, string>>,
  start: NodeStart,
): string | Refusal {
  const { project, directory } = input;
  const program = (start.words[0] ?? '').replace(/^.*\//, '');
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
      return { reason: 'There is no index.html at the root of the project, as Vite expects it.' };
    }
    const names = ['ts', 'js', 'mts', 'mjs'].map((ending) => `vite.config.${ending}`);
    const base = readOption(input, names, 'base');
    if (base !== undefined && !['/', './', ''].includes(base)) {
      return { reason: `The site is built for the path ${base}.` };
    }
    return readOption(input, names, 'outDir') ?? 'dist';
  }
  return { reason: `It is not known which folder \`${program}\` serves.` };
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
  const json = (text === undefined ? {} : parseJsonc(text)) as {
    projects?: Record<
      string,
      {
        projectType?: string;
        architect?: { build?: { builder?: string; options?: { outputPath?: unknown } } };
      }
    >;
  };
  const applications = Object.entries(json.projects ?? {}).filter(([, one]) => one.projectType !== 'library');
  const [first] = applications;
  if (applications.length !== 1 || first === undefined) {
    return { reason: 'angular.json does not name one application.' };
  }
  const [name, { architect }] = first;
  const path = architect?.build?.options?.outputPath ?? `dist/${name}`;
  if (typeof path !== 'string') {
    return { reason: 'Where Angular writes the site is not understood.' };
  }
  return architect?.build?.builder?.endsWith(':application') === true ? `${path}/browser` : path;
}
