import { version } from '../../../package.json';
import type { CliHost, Engine, Output } from '../cli/host.ts';
import { unknownProject } from '../project/project.ts';
import { diskFiles } from './files.ts';
import { openProject } from './projects.ts';
import { today } from './today.ts';

/** The command line's view of this process. */
export function createCliHost(): CliHost {
  return {
    workingDirectory: process.cwd(),
    environment: process.env,
    version,
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    files: diskFiles,
    clock: () => performance.now(),
    readStandardInput,
    loadEngine,
    openProject: (dockerfile) =>
      dockerfile === undefined ? { project: unknownProject } : openProject(dockerfile, [process.cwd()]),
    serveLanguageServer,
  };
}

async function loadEngine(): Promise<Engine> {
  const [
    { analyze },
    { fixAll },
    { rules },
    { createCatalogueKnowledge },
    { createShellParser },
    { readGrammars },
  ] = await Promise.all([
    import('../engine/analyze.ts'),
    import('../engine/apply.ts'),
    import('../rules/index.ts'),
    import('../images/catalogue-knowledge.ts'),
    import('../syntax/shell/parser.ts'),
    import('./grammars.ts'),
  ]);
  const shell = await createShellParser(await readGrammars());
  const images = createCatalogueKnowledge();
  return {
    rules,
    analyze: (text, project, config) => analyze({ text, project, config, images, shell, today: today() }),
    fixAll: (text, project, config, level) =>
      fixAll({ text, project, config, images, shell, today: today() }, level),
  };
}

async function serveLanguageServer(): Promise<void> {
  await import('./server.ts');
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) {
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
