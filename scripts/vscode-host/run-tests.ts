import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import { startChromium } from './chromium.ts';
import type { Server } from './server.ts';
import { type WorkbenchOptions, workbenchUrl } from './workbench.ts';

/** How long all tests of a window may take, in milliseconds. */
const limit = 900_000;

/**
 * Runs an extension's tests in the served VS Code and returns their exit code. What the window prints is mostly about
 * VS Code itself, so it goes to `logFile`; the tests write their own report.
 */
export async function runExtensionTests(
  server: Server,
  options: WorkbenchOptions,
  logFile: string,
): Promise<number> {
  const browser = await startChromium();
  let timer: NodeJS.Timeout | undefined;
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const ended = new Promise<number>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The tests did not end within ${limit / 60_000} minutes.`)),
        limit,
      );
      page.on('crash', () => reject(new Error('The page of VS Code crashed.')));
      page
        .exposeFunction('codeAutomationExit', resolve)
        .then(() => page.exposeFunction('codeAutomationLog', log))
        .then(() => page.goto(workbenchUrl(server, options), { timeout: 180_000 }))
        .catch(reject);
    });
    return await ended;
  } finally {
    clearTimeout(timer);
    await browser.close();
  }

  function log(type: string, args: unknown[]): void {
    appendFileSync(logFile, `${type}: ${format(...args)}\n`);
  }
}
