#!/usr/bin/env node
import { runCli } from '../cli/main.ts';
import { createCliHost } from './cli-host.ts';
import { tuneEngine } from './tuning.ts';

tuneEngine();

for (const stream of [process.stdout, process.stderr]) {
  // A reader that has seen enough (`ballast check | head`) is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
    process.exit();
  });
}

void runCli(process.argv.slice(2), createCliHost()).then((code) => {
  process.exitCode = code;
});
