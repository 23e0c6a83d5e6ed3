import { version } from '../../../package.json';
import type { CliHost, Engine, Images, Output } from '../cli/host.ts';
import { unknownProject } from '../project/project.ts';
import { createContextCache } from './context-cache.ts';
import { diskFiles } from './files.ts';
import { changedSince, checkOut } from './git.ts';
import { openProject } from './projects.ts';
import { largest, tooLarge } from './regular-file.ts';
import { today } from './today.ts';
import { watch } from './watch.ts';

/** The command line's view of this process. */
export function createCliHost(): CliHost {
  const contexts = createContextCache();
  return {
    workingDirectory: process.cwd(),
    environment: process.env,
    version,
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    files: diskFiles,
    clock: () => performance.now(),
    readStandardInput,
    today,
    loadImages,
    loadEngine,
    openProject: (dockerfile, settings) =>
      dockerfile === undefined
        ? { project: unknownProject }
        : openProject(dockerfile, [process.cwd()], contexts, settings),
    changedSince: (revision) => changedSince(process.cwd(), revision),
    checkOut: (revision) => checkOut(process.cwd(), revision),
    serveLanguageServer,
  };
}

async function loadEngine(): Promise<Engine> {
  const [
    { analyze, modelOf },
    { isOff, shellQuestions },
    { createShellCheck },
    { fixAll },
    { rules },
    { createCatalogueKnowledge },
    { createShellParser },
    { readGrammars },
  ] = await Promise.all([
    import('../engine/analyze.ts'),
    import('../engine/shell-checks.ts'),
    import('./shellcheck.ts'),
    import('../engine/apply.ts'),
    import('../rules/index.ts'),
    import('../images/catalogue-knowledge.ts'),
    import('../syntax/shell/parser.ts'),
    import('./grammars.ts'),
  ]);
  const shell = await createShellParser(await readGrammars());
  const images = createCatalogueKnowledge();
  const shellChecks = createShellCheck(process.env);
  return {
    rules,
    analyze: (text, project, config) =>
      analyze({ text, project, config, images, shell, shellChecks, today: today(), watch }),
    async checkShell(text, project, config, program) {
      if (!isOff(config)) {
        await shellChecks.learn(() => shellQuestions(modelOf({ text, project, shell, watch })), program);
      }
    },
    fixAll: (text, project, config, level) =>
      fixAll({ text, project, config, images, shell, today: today(), watch }, level),
  };
}

async function loadImages({ offline }: { readonly offline: boolean }): Promise<Images> {
  const { imagesOfThisMachine } = await import('./images/machine-images.ts');
  const images = imagesOfThisMachine({ isOffline: offline, environment: process.env });
  await images.ready();
  // A look-up has its own deadline, and nobody gives it up here.
  const { signal } = new AbortController();
  return { ...images, learn: (reference, platform) => images.learn(reference, platform, signal) };
}

async function serveLanguageServer({ offline }: { readonly offline: boolean }): Promise<void> {
  if (offline) {
    process.env['BALLAST_OFFLINE'] = '1';
  }
  // The protocol's library looks for its transport among the arguments.
  if (!process.argv.includes('--stdio')) {
    process.argv.push('--stdio');
  }
  await import('./server.ts');
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    length += chunk.length;
    if (length > largest) {
      throw tooLarge(largest);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function outputTo(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 80,
  };
}
