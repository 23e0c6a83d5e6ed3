import { readNodePackage } from '../../ecosystems/node/package.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Language } from '../start/programs.ts';

/** Folders that a library or framework writes to by itself, below the folder that the program is started in. */
interface WritingPackage {
  readonly language: Language;
  /** Name of the package; a pattern of the manifest's text for languages other than Node.js. */
  readonly name: string | RegExp;
  /** Folders; `.` is the working directory itself. */
  readonly folders: readonly string[];
}

const packages: readonly WritingPackage[] = [
  { language: 'node', name: 'next', folders: ['.next/cache'] },
  { language: 'node', name: '@strapi/strapi', folders: ['.tmp', 'public/uploads'] },
  { language: 'node', name: 'strapi', folders: ['.tmp', 'public/uploads'] },
  { language: 'node', name: '@medusajs/medusa', folders: ['uploads', 'static'] },
  { language: 'node', name: '@wppconnect-team/wppconnect', folders: ['tokens'] },
  {
    language: 'node',
    name: '@wppconnect/server',
    folders: ['tokens', 'userDataDir', 'WhatsAppImages', 'log'],
  },
  { language: 'node', name: 'venom-bot', folders: ['tokens'] },
  { language: 'node', name: 'whatsapp-web.js', folders: ['.wwebjs_auth', '.wwebjs_cache'] },
  { language: 'node', name: 'session-file-store', folders: ['sessions'] },
  { language: 'node', name: 'node-persist', folders: ['.node-persist'] },
  { language: 'node', name: 'parse-server', folders: ['logs', 'files'] },
  { language: 'node', name: 'json-server', folders: ['.'] },
  { language: 'node', name: 'directus', folders: ['uploads', 'database', 'extensions'] },
  { language: 'node', name: 'ghost', folders: ['content'] },
  { language: 'node', name: 'verdaccio', folders: ['storage'] },
  { language: 'node', name: 'quick.db', folders: ['.'] },
  { language: 'node', name: 'enmap', folders: ['data'] },
  { language: 'python', name: /^[ \t"']*instaloader\b/m, folders: ['.'] },
  { language: 'python', name: /^[ \t"']*(?:pytorch-)?lightning\b/m, folders: ['lightning_logs'] },
  { language: 'python', name: /^[ \t"']*gradio\b/m, folders: ['.', 'flagged', '.gradio'] },
  { language: 'python', name: /^[ \t"']*chainlit\b/m, folders: ['.', '.chainlit', '.files'] },
  { language: 'python', name: /^[ \t"']*mlflow\b/m, folders: ['mlruns'] },
  { language: 'python', name: /^[ \t"']*ultralytics\b/m, folders: ['.', 'runs'] },
  { language: 'python', name: /^[ \t"']*flask-session\b/im, folders: ['flask_session'] },
  { language: 'python', name: /^[ \t"']*rasa\b/m, folders: ['.rasa', 'models'] },
  { language: 'ruby', name: /\bgem\s+["']rail(?:s|ties)["']/, folders: ['db', 'log', 'storage', 'tmp'] },
  { language: 'ruby', name: /\bgem\s+["']carrierwave["']/, folders: ['public/uploads', 'tmp'] },
  { language: 'ruby', name: /\bgem\s+["']hanami["']/, folders: ['log', 'tmp'] },
  {
    language: 'php',
    name: /"laravel\/(?:framework|lumen-framework)"/,
    folders: ['storage', 'bootstrap/cache'],
  },
  { language: 'php', name: /"symfony\/(?:framework-bundle|symfony|runtime)"/, folders: ['var'] },
  {
    language: 'php',
    name: /"shopware\//,
    folders: ['var', 'files', 'public/media', 'public/thumbnail', 'public/theme'],
  },
  { language: 'php', name: /"yiisoft\/yii2/, folders: ['runtime', 'web/assets'] },
  { language: 'php', name: /"cakephp\/cakephp"/, folders: ['tmp', 'logs'] },
  { language: 'php', name: /"codeigniter4\/framework"/, folders: ['writable'] },
  { language: 'php', name: /"laminas\/laminas-mvc"/, folders: ['data/cache'] },
  { language: 'php', name: /"nette\/(?:application|bootstrap)"/, folders: ['temp', 'log'] },
  { language: 'php', name: /"craftcms\/cms"/, folders: ['storage', 'web/cpresources', 'config'] },
  { language: 'php', name: /"drupal\/core/, folders: ['web/sites/default/files'] },
  { language: 'php', name: /"magento\//, folders: ['var', 'generated', 'pub/static', 'pub/media'] },
  { language: 'php', name: /"typo3\/cms-core"/, folders: ['var', 'public/typo3temp', 'public/fileadmin'] },
];

/** A folder below the project that a package writes to, and the package. */
export interface FrameworkFolder {
  readonly folder: string;
  readonly because: string;
  readonly manifest: string;
}

const manifests: Readonly<Partial<Record<Language, readonly string[]>>> = {
  python: ['requirements.txt', 'pyproject.toml', 'Pipfile', 'setup.py', 'setup.cfg', 'environment.yml'],
  ruby: ['Gemfile'],
  php: ['composer.json'],
};

/** The folders that frameworks write to by themselves, by the manifests of a folder of the build context. */
export function frameworkFolders(project: Project, directory: string, language: Language): FrameworkFolder[] {
  const node = language === 'node' ? readNodePackage(project, directory)?.dependencies : undefined;
  const found: FrameworkFolder[] = [];
  const put = (one: WritingPackage, because: string, manifest: string): void => {
    found.push(...one.folders.map((folder) => ({ folder, because, manifest })));
  };
  for (const one of packages.filter((each) => each.language === language)) {
    if (typeof one.name === 'string') {
      if (node?.[one.name] !== undefined) {
        put(one, one.name, joinPath(directory, 'package.json'));
      }
      continue;
    }
    for (const name of manifestsOf(project, directory, language)) {
      const path = joinPath(directory, name);
      const match = one.name.exec(project.reader.read(path) ?? '');
      if (match !== null) {
        put(one, match[0].replace(/["']|\bgem\b/g, '').trim(), path);
        break;
      }
    }
  }
  return found;
}

function manifestsOf(project: Project, directory: string, language: Language): string[] {
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const further =
    language === 'python' ? names.filter((name) => /^requirements.*\.(?:txt|in)$/.test(name)) : [];
  return [...new Set([...(manifests[language] ?? []), ...further])].filter((name) => names.includes(name));
}
