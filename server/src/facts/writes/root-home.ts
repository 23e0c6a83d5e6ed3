import { keepsModules } from '../../ecosystems/node/managers/yarn.ts';
import { readNodePackage } from '../../ecosystems/node/package.ts';
import { otherPython } from '../../ecosystems/python/environment.ts';
import { sourceFiles, sourceQuestion } from '../../ecosystems/source-text.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, lineage, type Stage } from '../../model/dockerfile.ts';
import { startedWords } from '../../model/start-command.ts';
import { nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { AnalysisContext } from '../context.ts';
import { programFolderOf } from '../installs/install-order.ts';
import { calledAtStart } from '../start/started-process.ts';

/**
 * Why nobody but root can run what a stage starts, as far as root's own folder is the reason: only root may enter /root.
 * What lies in `moved`, a folder that a fix moves elsewhere, does not count. One sentence without the stop; undefined
 * where nothing of the kind was found.
 */
export function rootHomeReason(
  context: AnalysisContext,
  stage: Stage,
  traits: ImageTraits | undefined,
  moved: string | undefined,
): string | undefined {
  const onlyRoot = 'and only root may enter /root';
  const words = startedWords(stage);
  const isBelowRoot = (path: string): boolean =>
    path.startsWith('/root/') && (moved === undefined || !`${path}/`.startsWith(`${moved}/`));
  const targets = stage.steps.map((step) => readCopy(step, context.dockerfile)?.target ?? '');
  const held = targets.find((path) => isBelowRoot(path) && !isReadByNoProgram(context, stage, path));
  if (held !== undefined && /^\/root\/\.(?!local|cache|venv|nvm|cargo|bun|deno)/.test(held)) {
    return `the program may read ${held}, ${onlyRoot}`;
  }
  if (held !== undefined || stage.end.workdir?.startsWith('/root') === true || words.some(isBelowRoot)) {
    return `the program lies below /root, ${onlyRoot}`;
  }
  const called = calledAtStart(context, stage);
  const steps = lineage(stage).flatMap((one) => commandSteps(one));
  const texts = steps.map((at) => at.script.text).join('\n');
  const linked = linkedProgram(stage, called);
  if (linked !== undefined) {
    return `\`${linked}\` is a link to a place below /root, ${onlyRoot}`;
  }
  const setting = allSteps(stage)
    .filter((step) => step.instruction.keyword === 'ENV')
    .flatMap((step) => step.instruction.pairs)
    .find(({ name, value }) => {
      if (isForInstalls(name, called)) {
        return false;
      }
      const text = moved === undefined ? (value ?? '') : (value ?? '').replaceAll(moved, '');
      return name === 'PATH' ? mayFindIn(text, called, texts) : /(?:^|[:="'])\/root(?:[/:"']|$)/.test(text);
    });
  if (setting !== undefined) {
    return `${setting.name} names a folder below /root, ${onlyRoot}`;
  }
  for (const at of steps) {
    const kept = keptInHome(at, context, traits, called, texts);
    if (
      kept !== undefined &&
      (at.step.before.user === undefined || /^(?:root|0)\b/.test(at.step.before.user))
    ) {
      return `${kept} below /root, ${onlyRoot}`;
    }
  }
  return undefined;
}

/** A program that the start calls and whose file is a link to a place below /root; undefined where none is seen. */
function linkedProgram(stage: Stage, called: readonly string[]): string | undefined {
  const links = lineage(stage)
    .flatMap((one) => commandSteps(one))
    .filter(({ command }) => command.name === 'ln')
    .map(({ command }) =>
      command.args.map((word) => word.value ?? word.text).filter((word) => !word.startsWith('-')),
    );
  return links
    .filter((words) => words.some((word, i) => i < words.length - 1 && word.startsWith('/root/')))
    .flatMap((words) => words.map(nameOf))
    .find((name) => called.includes(name));
}

/** Settings of installers that name a folder for what they fetch or read, with the programs that need it at the start as well. */
const installVariables: readonly (readonly [RegExp, RegExp])[] = [
  [/^PIP_(?:CACHE_DIR|CONFIG_FILE)$|^TWINE_/, /^pip[\d.]*$/],
  [/^(?:npm|NPM)_(?:config|CONFIG)_/, /^(?:npm|npx|pnpm)$/],
  [/^YARN_CACHE_FOLDER$/, /^yarn$/],
  [/^(?:PNPM_HOME|PNPM_STORE_DIR)$/, /^pnpm$/],
  [/^BUN_INSTALL(?:_CACHE_DIR)?$/, /^bunx?$/],
  [/^UV_(?:CACHE_DIR|TOOL_DIR|TOOL_BIN_DIR)$/, /^uvx?$/],
  [/^POETRY_HOME$/, /^poetry$/],
  [/^(?:CARGO_HOME|RUSTUP_HOME)$/, /^(?:cargo|rustc|rustup)$/],
  [/^(?:GOPATH|GOMODCACHE|GOCACHE)$/, /^go$/],
  [/^(?:MAVEN_CONFIG|MAVEN_USER_HOME)$/, /^mvnw?$/],
  [/^GRADLE_USER_HOME$/, /^gradlew?$/],
  [/^COMPOSER_(?:HOME|CACHE_DIR)$/, /^composer$/],
];

/** True for a setting that only an installer reads which the start does not call. */
function isForInstalls(name: string, called: readonly string[]): boolean {
  const program = installVariables.find(([pattern]) => pattern.test(name))?.[1];
  return program !== undefined && !called.some((one) => program.test(one));
}

/** Settings of prompts and editors, and those with which packages are installed, in root's own folder. */
const peoplesSettings =
  /^\/root\/\.(?:bash(?:rc|_profile|_aliases|_history|_logout)|profile|zshrc|zprofile|inputrc|vimrc|nanorc|tmux\.conf|irbrc|pryrc|psqlrc)$/;
const installSettings =
  /^\/root\/\.(?:npmrc|yarnrc(?:\.yml)?|pip\/pip\.conf|config\/(?:pip\/pip\.conf|pypoetry\/(?:auth|config)\.toml|uv\/uv\.toml|composer\/auth\.json)|pypirc|m2\/settings(?:-security)?\.xml|gradle\/(?:gradle\.properties|init\.gradle(?:\.kts)?)|cargo\/(?:config|credentials)(?:\.toml)?|composer\/auth\.json|nuget\/NuGet\/NuGet\.Config|bundle\/config|gem\/credentials)$/;
/** Those that Git and SSH read, in a build or while the program runs. */
const clientSettings = /^\/root\/\.(?:netrc|git-credentials|gitconfig|ssh\/known_hosts)$/;
const clientSources = /\.(?:[cm]?[jt]sx?|py|go|rb|rs|java|kt|php|cs|exs?|sh)$/;
const startsClient = sourceQuestion(
  /\b(?:git|ssh|sftp|scp|netrc|paramiko|asyncssh|fabric|simple-git|GitPython|dulwich|pygit2)\b/i,
  clientSources,
);

/** True for a file in root's own folder that the program of a container does not miss. */
function isReadByNoProgram(context: AnalysisContext, stage: Stage, path: string): boolean {
  const start = startedWords(stage);
  // A shell that is told to be a login or an interactive one reads them, and a command may name them.
  const isRead = start.some(
    (word) => /^(?:-[a-z]{0,10}[il]|--login$)/.test(word) || /rc\b|profile/.test(word),
  );
  const isClients = clientSettings.test(path);
  const called = isClients ? calledAtStart(context, stage) : [];
  const directory = programFolderOf(context.dockerfile, stage);
  const isUnread =
    isClients &&
    context.project.isKnown &&
    directory !== undefined &&
    sourceFiles(context.project, directory, clientSources).length > 0 &&
    !called.some((name) => /^(?:git|ssh|scp|sftp|curl|wget)$/.test(name)) &&
    !startsClient(context.project, directory);
  return installSettings.test(path) || isUnread || (peoplesSettings.test(path) && !isRead);
}

/** What a command leaves in the home folder of its user, with its verb; undefined for other commands. */
function keptInHome(
  at: CommandStep,
  context: AnalysisContext,
  traits: ImageTraits | undefined,
  start: readonly string[],
  texts: string,
): string | undefined {
  const { command, step } = at;
  const { environment } = step.before;
  const words = command.args.map((word) => word.value ?? word.text);
  const name = command.name ?? '';
  const line = [name, ...words].join(' ');
  const isSet = (setting: string): boolean =>
    environment.has(setting) || command.assignments.some((one) => one.name === setting);
  if (/^pip3? install .*--user\b/.test(line)) {
    return 'pip installs';
  }
  if (
    name === 'poetry' &&
    ['install', 'sync'].includes(words[0] ?? '') &&
    !isPoetryInPlace(at, texts, context)
  ) {
    return 'Poetry makes its virtual environment';
  }
  if (
    name === 'pipenv' &&
    ['install', 'sync'].includes(words[0] ?? '') &&
    !words.some((word) => ['--system', '--deploy-system'].includes(word)) &&
    !['PIPENV_VENV_IN_PROJECT', 'WORKON_HOME', 'VIRTUAL_ENV', 'PIPENV_SYSTEM'].some(isSet)
  ) {
    return 'Pipenv makes its virtual environment';
  }
  const isOther = otherPython(context.project, '', traits) !== undefined;
  const fetchesPython =
    line.startsWith('uv python install') ||
    (/^uv (?:sync|venv)\b/.test(line) && (isWithoutPython(traits) || isOther));
  if (fetchesPython && !isSet('UV_PYTHON_INSTALL_DIR')) {
    return 'uv installs Python';
  }
  if (/\bpuppeteer browsers install\b/.test(line) && !isSet('PUPPETEER_CACHE_DIR')) {
    return 'the browser of the project is installed';
  }
  if (/\bplaywright install\b/.test(line) && !isSet('PLAYWRIGHT_BROWSERS_PATH')) {
    return 'Playwright installs its browsers';
  }
  const manager = ['pnpm', 'yarn'].find((one) => start.includes(one));
  if (name === 'corepack' && manager !== undefined && !isSet('COREPACK_HOME')) {
    return `Corepack keeps ${manager}`;
  }
  if (start.includes('pnpm') && isOtherPnpm(line, context)) {
    return 'pnpm keeps the version of itself that package.json asks for';
  }
  const isKept =
    keepsModules(context.project, '') ||
    /^enableGlobalCache:\s*false/m.test(context.project.reader.read('.yarnrc.yml') ?? '');
  if (name === 'yarn' && [undefined, 'install'].includes(words[0]) && !isKept) {
    return 'Yarn keeps the packages';
  }
  const installsNode =
    /^(?:npm|yarn|pnpm|bun)$/.test(name) &&
    (words.length === 0 || /^(?:ci|i|install|add)$/.test(words[0] ?? ''));
  if (
    installsNode &&
    bringsBrowser(context.project) &&
    ![
      'PUPPETEER_CACHE_DIR',
      'PUPPETEER_SKIP_DOWNLOAD',
      'PUPPETEER_SKIP_CHROMIUM_DOWNLOAD',
      'CYPRESS_CACHE_FOLDER',
      'CYPRESS_INSTALL_BINARY',
    ].some(isSet)
  ) {
    return 'the browser of the project is installed';
  }
  if (/nltk\.download(?:er)?\b/.test(line) && !isSet('NLTK_DATA')) {
    return 'NLTK keeps its data';
  }
  if (
    fetchesModel.test(line + pythonText(words, name, context)) &&
    !['HF_HOME', 'HF_HUB_CACHE', 'TRANSFORMERS_CACHE', 'TORCH_HOME', 'XDG_CACHE_HOME'].some(isSet) &&
    !isSet('SENTENCE_TRANSFORMERS_HOME') &&
    !/--local-dir|local_dir|cache_dir|cache_folder|download_root|model_dir/.test(
      line + pythonText(words, name, context),
    )
  ) {
    return 'a model is kept';
  }
  if (/^(?:dotnet tool install .*(?:-g|--global)\b|composer global require)/.test(line)) {
    return `\`${name}\` installs a program`;
  }
  return undefined;
}

/** True where npm's packages, or those that they depend on, fetch a browser when they are installed. */
function bringsBrowser({ reader }: Project): boolean {
  const lock = reader.read('package-lock.json') ?? '';
  const others = (reader.read('yarn.lock') ?? '') + (reader.read('pnpm-lock.yaml') ?? '');
  return (
    /"(?:puppeteer|cypress|whatsapp-web\.js|venom-bot|@wppconnect-team\/wppconnect|@mermaid-js\/mermaid-cli|html-pdf-node|md-to-pdf|node-html-to-image)"\s*:/.test(
      reader.read('package.json') ?? '',
    ) ||
    // What only development asks for is left out of most images.
    [...lock.matchAll(/"node_modules\/(?:puppeteer|cypress)"\s*:\s*\{([^{}]*)/g)].some(
      ([, entry = '']) => !/"dev"\s*:\s*true/.test(entry),
    ) ||
    /^(?: {2})?["'/]{0,2}(?:puppeteer|cypress)@/m.test(others)
  );
}

/** Calls with which a RUN fetches a model into the cache of its user. */
const fetchesModel =
  /\.from_pretrained\(|snapshot_download\(|hf_hub_download\(|^(?:huggingface-cli|hf) download|SentenceTransformer\(|CrossEncoder\(|\bpipeline\(|\bwhisper\.load_model\(|\bWhisperModel\(|\btorch\.hub\.load\(|\beasyocr\.Reader\(|\bstanza\.download\(|\bTTS\(|\btiktoken\.get_encoding\(/;

/** The text of the script of the project that a RUN gives to Python; empty for other commands. */
function pythonText(words: readonly string[], name: string, { project }: AnalysisContext): string {
  const script = /^python[\d.]*$/.test(name) ? words.find((word) => !word.startsWith('-')) : undefined;
  return script?.endsWith('.py') === true ? (project.reader.read(script.replace(/^\.?\//, '')) ?? '') : '';
}

/** What installers put into folders below /root that PATH names. */
const pathFolders: readonly (readonly [RegExp, RegExp])[] = [
  [/^\/root\/\.local\/bin$/, /^(?:poetry|uv|uvx|pipx|pdm|rye|hatch|pipenv)$/],
  [/^\/root\/\.poetry\/bin$|^\/root\/\.pyenv/, /^(?:poetry|pyenv|python[\d.]*)$/],
  [/^\/root\/\.cargo\/bin$/, /^(?:cargo|rustc|uv|uvx|just)$/],
  [/^\/root\/\.bun\/bin$/, /^bunx?$/],
  [/^\/root\/\.deno\/bin$/, /^deno$/],
  [/^\/root\/go\/bin$/, /^(?:air|reflex|migrate|goose|dlv)$/],
];

/** Commands that put programs of any name into such a folder. */
const installsPrograms = /\b(?:cargo|go|pipx|uv tool|deno|gem|stack|cabal) (?:install|activate)\b/;

/** True where a program that the start calls may lie in a folder of PATH below /root. */
function mayFindIn(value: string, called: readonly string[], texts: string): boolean {
  return value
    .replace(/["']/g, '')
    .split(':')
    .filter((folder) => folder === '/root' || folder.startsWith('/root/'))
    .some((folder) => {
      const held = pathFolders.find(([pattern]) => pattern.test(folder))?.[1];
      return held === undefined || installsPrograms.test(texts) || called.some((name) => held.test(name));
    });
}

/** True for an install of pnpm in another version than package.json asks for: pnpm then fetches that one at each start. */
function isOtherPnpm(line: string, { project }: AnalysisContext): boolean {
  const installed = /^npm (?:i|install|add) .*\bpnpm(?:@([\w.^~-]+))?(?:\s|$)/.exec(line);
  const wanted = /^pnpm@([\d.]+)/.exec(readNodePackage(project, '')?.packageManager ?? '')?.[1];
  return installed !== null && wanted !== undefined && installed[1] !== wanted;
}

/** True where Poetry is told to make its virtual environment elsewhere, or none. */
function isPoetryInPlace(at: CommandStep, texts: string, { project }: AnalysisContext): boolean {
  const settings = [
    'POETRY_VIRTUALENVS_CREATE',
    'POETRY_VIRTUALENVS_IN_PROJECT',
    'POETRY_VIRTUALENVS_PATH',
    'POETRY_CACHE_DIR',
    'VIRTUAL_ENV',
  ];
  return (
    settings.some((name) => at.step.before.variables.has(name)) ||
    /virtualenvs\.(?:create|in-project|path)|VIRTUALENVS_(?:CREATE|IN_PROJECT)/.test(texts) ||
    project.reader.read('poetry.toml') !== undefined
  );
}

function isWithoutPython(traits: ImageTraits | undefined): boolean {
  return traits?.tools !== undefined && !traits.tools.includes('python3');
}
