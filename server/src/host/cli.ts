#!/usr/bin/env node
import { complain } from '../cli/complain.ts';
import { exitCodes } from '../cli/exit.ts';
import { runCli } from '../cli/main.ts';
import { createCliHost } from './cli-host.ts';
import { tuneEngine } from './tuning.ts';

/** What shells give a program that a broken pipe ends. */
const brokenPipe = 141;

tuneEngine();

const host = createCliHost();

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      // A reader that has seen enough (`ballast check | head`) is no fault, but what did not come to its end has not passed.
      process.exit(brokenPipe);
    }
    complain(host, `what was found cannot be written: ${error.message}`);
    process.exit(exitCodes.failure);
  });
}

void runCli(process.argv.slice(2), host).then((code) => {
  process.exitCode = code;
});
