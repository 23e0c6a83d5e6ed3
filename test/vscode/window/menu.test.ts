/** What only a user sees: the tests drive the window of a served VS Code by keyboard and mouse. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setup, suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import type { BrowserContext, Page } from 'playwright-core';
import { startChromium } from '../../../scripts/vscode-host/chromium.ts';
import { installHost } from '../../../scripts/vscode-host/install.ts';
import { goTo, openQuickFixes } from '../../../scripts/vscode-host/keyboard.ts';
import { type Server, startServer } from '../../../scripts/vscode-host/server.ts';
import { workbenchUrl } from '../../../scripts/vscode-host/workbench.ts';
import { ordinaryProject } from '../projects.ts';

const example = fileURLToPath(new URL('../../../examples/node-service', import.meta.url));

const temporary = process.env['BALLAST_TEST_FOLDER'];

suite('what a user sees', () => {
  let server: Server;
  let browser: BrowserContext;
  let folder: string;
  let page: Page;

  suiteSetup(async () => {
    const extensionsDir = process.env['BALLAST_TEST_EXTENSIONS'];
    assert.ok(
      temporary !== undefined && extensionsDir !== undefined,
      'Start the tests by test/vscode/run.ts.',
    );
    const userDataDir = join(temporary, 'user-data');
    mkdirSync(join(userDataDir, 'User'), { recursive: true });
    // Else the served VS Code saves by itself.
    writeFileSync(join(userDataDir, 'User/settings.json'), '{ "files.autoSave": "off" }');
    server = await startServer(installHost(), {
      userDataDir,
      extensionsDir,
      workspaceTrust: false,
      extensionTests: false,
      port: 0,
    });
    // One context for all pages, which then find the workbench in its cache.
    browser = await (await startChromium()).newContext();
    browser.setDefaultTimeout(60_000);
  });

  suiteTeardown(async () => {
    await browser?.browser()?.close();
    await server?.stop();
  });

  setup(async () => {
    folder = mkdtempSync(join(String(temporary), 'project-'));
    for (const [path, text] of Object.entries(ordinaryProject)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    rmSync(join(folder, '.dockerignore'));
    page = await browser.newPage();
    await page.goto(workbenchUrl(server, { folder, file: join(folder, 'Dockerfile') }));
    await page.locator('.squiggly-warning').first().waitFor();
  });

  teardown(async function () {
    if (this.currentTest?.isFailed() === true) {
      await page.screenshot({ path: join(String(temporary), `${this.currentTest.title}.png`) });
    }
    await page.close();
  });

  test('a fix of one line is made', async () => {
    await goTo(page, 1, 8);
    await choose('Run as node');
    await page.locator('.view-lines').getByText('USER', { exact: true }).waitFor();
    await page.keyboard.press('Control+S');
    await untilFile('Dockerfile', /^USER 1000$/m);
  });

  test('a fix that rewrites the file is made', async () => {
    await goTo(page, 1, 8);
    await choose('Move the build to its own stage');
    await applyShown();
    await page.locator('.view-lines').getByText('builder').first().waitFor();
    await page.keyboard.press('Control+S');
    await untilFile('Dockerfile', /^COPY --from=builder /m);
  });

  test('a fix that creates a file leaves it saved', async () => {
    await goTo(page, 3, 7);
    await choose('Create .dockerignore');
    await applyShown();
    await untilFile('.dockerignore', /node_modules/);
  });

  test('what takes the place of something unticked is listed, and not made', async () => {
    await openExample();
    await lens('Slim this Dockerfile').click();
    await rows().filter({ hasText: 'Move the build' }).click();
    await rows().filter({ hasText: 'Run as node' }).waitFor();
    await page.keyboard.press('Enter');
    await applyShown();
    await untilFile('.dockerignore', /node_modules/);
    await untilFile('Dockerfile', /^HEALTHCHECK /m);
    assert.doesNotMatch(readFileSync(join(folder, 'Dockerfile'), 'utf8'), /^USER |AS builder|npm ci/m);
  });

  test('the whole checklist of the example is closed by one slimming', async () => {
    await openExample();
    await lens('checklist 0 of 8').waitFor();
    await lens('Slim this Dockerfile').click();
    await rows().first().waitFor();
    await page.keyboard.press('Enter');
    await applyShown();
    await lens('checklist 8 of 8').waitFor();
    await untilFile('Dockerfile', /^COPY --from=builder /m);
    await untilFile('.dockerignore', /^\*\*\/node_modules$/m);
  });

  test('the whole checklist of the example is closed item by item', async () => {
    await openExample();
    await lens('checklist 0 of 8').waitFor();
    for (let rounds = 0; rounds < 8 && !(await lens('checklist 8 of 8').isVisible()); rounds++) {
      const before = await lens('checklist').innerText();
      await lens('checklist').click();
      await rows().first().waitFor();
      // The last that is open: the first would close most of the others at once.
      await rows()
        .filter({ has: page.locator('.codicon-error') })
        .last()
        .click();
      await applyShown();
      for (let left = 600; left > 0 && (await lens('checklist').innerText()) === before; left--) {
        await sleep(100);
      }
    }
    await lens('checklist 8 of 8').waitFor();
  });

  test('changes are explained where one decides; applying them is taken back by one button', async () => {
    await openExample();
    const original = readFileSync(join(folder, 'Dockerfile'), 'utf8');
    await lens('checklist 0 of 8').waitFor();
    await goTo(page, 7, 1);
    await page.keyboard.type('# mine\n');
    await page.locator('.view-lines').getByText('# mine').waitFor();
    await lens('Slim this Dockerfile').click();
    await rows().first().waitFor();
    await page.keyboard.press('Enter');
    const comment = page.locator('.review-widget').first();
    await comment.getByText('This image ships what built it').waitFor();
    await comment.getByText('Assumed: The build writes to dist').waitFor();
    assert.equal(await page.locator('.comments-panel').count(), 0, 'the panel of comments stays closed');
    await comment.hover();
    await comment.getByRole('button', { name: 'Leave This Change Out' }).click();
    await page.getByText('No size saved: ').first().waitFor();
    await applyShown();
    await untilFile('.dockerignore', /node_modules/);
    await lens('checklist 0 of 8').waitFor({ state: 'hidden' });
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), original, 'unsaved edits stay unsaved');
    const toast = page.locator('.notification-toast:visible').filter({ hasText: 'Applied. ' });
    await toast.getByRole('button', { name: 'Undo' }).click();
    await lens('checklist 0 of 8').waitFor();
    await page.locator('.view-lines').getByText('# mine').waitFor();
    assert.equal(existsSync(join(folder, '.dockerignore')), false);
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), original);
  });

  test('a button takes changes back when the notification has gone, until a file is edited', async () => {
    await openExample();
    const original = readFileSync(join(folder, 'Dockerfile'), 'utf8');
    const undo = page.getByRole('button', { name: 'Undo Applied Changes' });
    const slim = async () => {
      await lens('Slim this Dockerfile').click();
      await rows().first().waitFor();
      await page.keyboard.press('Enter');
      await applyShown();
      await lens('checklist 8 of 8').waitFor();
      await undo.waitFor();
      await runCommand('Notifications: Clear All Notifications');
      await page.locator('.notification-toast:visible').waitFor({ state: 'hidden' });
    };
    await slim();
    await undo.click();
    await lens('checklist 0 of 8').waitFor();
    await undo.waitFor({ state: 'hidden' });
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), original);
    assert.equal(existsSync(join(folder, '.dockerignore')), false);
    await slim();
    await goTo(page, 1, 1);
    await page.keyboard.type('# mine\n');
    await undo.waitFor({ state: 'hidden' });
  });

  test('changes that are discarded are not made', async () => {
    await openExample();
    const original = readFileSync(join(folder, 'Dockerfile'), 'utf8');
    await lens('Slim this Dockerfile').click();
    await rows().first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.editor-actions').getByText('Discard Changes').first().click();
    await page.locator('.review-widget').first().waitFor({ state: 'hidden' });
    await lens('checklist 0 of 8').waitFor();
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), original);
    assert.equal(existsSync(join(folder, '.dockerignore')), false);
  });

  test('the weight is drawn beside the text, follows it, and leads to lines', async () => {
    await page.getByRole('button', { name: 'Show Weight' }).first().click();
    const view = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    const boxes = view.locator('svg.map a');
    await boxes.first().waitFor();
    assert.match(String(await view.locator('body').getAttribute('class')), /vscode-(?:dark|light)/);
    // By keyboard: the line of the first box with a file of the context.
    await view
      .getByRole('link', { name: /^COPY \. \., line 3/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.locator('.statusbar-item').getByText('Ln 3, Col 1').waitFor();
    await page.keyboard.type('RUN echo new\n');
    await view.locator('table').getByText('RUN npm ci').waitFor();
    await view
      .getByRole('link', { name: /^COPY \. \., line 4/ })
      .first()
      .waitFor();
  });

  test('the hover of a COPY leaves out what nothing reads', async () => {
    writeFileSync(join(folder, '.dockerignore'), '.git\n');
    writeFileSync(join(folder, 'backup.sql.gz'), Buffer.alloc(4_000_000));
    await page.reload();
    await page.locator('.view-lines').getByText('4 MB').first().waitFor();
    await goTo(page, 3, 2);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    const hover = page.locator('.monaco-hover:visible');
    await hover.getByText('backup.sql.gz').first().waitFor();
    // The findings stand above it.
    await hover.getByText('Exclude in .dockerignore').first().scrollIntoViewIfNeeded();
    await hover.getByText('Exclude in .dockerignore').first().click();
    await applyShown();
    await untilFile('.dockerignore', /^backup\.sql\.gz$/m);
    assert.match(readFileSync(join(folder, '.dockerignore'), 'utf8'), /^\.git$/m);
  });

  test('the list of all Dockerfiles opens with what was found, and follows a file that is saved', async () => {
    await openExample();
    await lens('checklist 0 of 8').waitFor();
    await runCommand('Ballast: Check All Dockerfiles');
    await page.locator('.notification-toast:visible').getByText('Dockerfiles: 1.').waitFor();
    const row = page.locator('.pane-body .monaco-list-row').filter({ hasText: 'checklist' });
    await row.getByText('checklist 0 of 8').waitFor();
    await lens('Slim this Dockerfile').click();
    await rows().first().waitFor();
    await page.keyboard.press('Enter');
    await applyShown();
    await row.getByText('checklist 8 of 8').waitFor();
  });

  test('the figures are about the stage that is chosen', async () => {
    const stages =
      'FROM node:22 AS worker\nCMD ["node", "a.js"]\n\nFROM node:22-slim AS web\nCMD ["node", "b.js"]\n';
    writeFileSync(join(folder, 'Dockerfile'), stages);
    await page.reload();
    await lens('≈ 230 MB').waitFor();
    await lens('Stage: web').click();
    await rows()
      .filter({ hasText: 'web' })
      .filter({ hasText: 'what is built where nothing is said' })
      .waitFor();
    await rows().filter({ hasText: 'worker' }).click();
    await lens('Stage: worker').waitFor();
    await lens('≈ 1.1 GB').waitFor();
    // The status bar follows.
    await page.locator('.statusbar-item').getByText('≈ 1.1 GB').waitFor();
  });

  test('a rule is switched off in three lists, for everybody', async () => {
    await page.locator('.codelens-decoration a').first().waitFor();
    await runCommand('Ballast: Configure Rules');
    const list = page.locator('.quick-input-widget');
    await list.getByText('Which rule?').or(list.getByPlaceholder('Which rule?')).first().waitFor();
    await page.keyboard.type('runs-as-root');
    await rows().filter({ hasText: 'runs-as-root' }).first().click();
    await list.getByText('2/3').waitFor();
    // One step back and forth.
    await list.getByRole('button', { name: 'Back' }).click();
    await list.getByText('1/3').waitFor();
    await page.keyboard.type('runs-as-root');
    await rows().filter({ hasText: 'runs-as-root' }).first().click();
    await rows().filter({ hasText: 'off' }).first().click();
    await rows().filter({ hasText: 'Project file' }).click();
    await untilFile('.ballast.json', /"runs-as-root": "off"/);
  });

  /** Opens the example in place of the ordinary project. */
  async function openExample(): Promise<void> {
    folder = join(mkdtempSync(join(String(temporary), 'example-')), 'node-service');
    cpSync(example, folder, { recursive: true });
    await page.goto(workbenchUrl(server, { folder, file: join(folder, 'Dockerfile') }));
  }

  function lens(text: string) {
    return page.locator('.codelens-decoration a').getByText(text);
  }

  function rows() {
    return page.locator('.quick-input-widget .monaco-list-row');
  }

  /** Runs a command by its name in the palette. */
  async function runCommand(name: string): Promise<void> {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').first().waitFor();
    await page.keyboard.type(name);
    await rows()
      .filter({ hasText: name.replace(/^.*: /, '') })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
  }

  async function choose(title: string): Promise<void> {
    await openQuickFixes(page);
    await page.locator('.action-widget').getByText(title).click();
  }

  /** Takes over the changes that a diff editor shows. */
  async function applyShown(): Promise<void> {
    await page
      // What was shown before stays in the page, hidden.
      .locator('.multiDiffEntry:visible, .multi-diff-root-floating-menu:visible, .monaco-diff-editor:visible')
      .first()
      .waitFor();
    await page.locator('.editor-actions').getByText('Apply Changes').first().click();
  }

  /** Waits until a file of the project has a text; the time limit is well beyond what any machine needs. */
  async function untilFile(path: string, text: RegExp): Promise<void> {
    const file = join(folder, path);
    const isDone = () => existsSync(file) && text.test(readFileSync(file, 'utf8'));
    for (let left = 1200; left > 0 && !isDone(); left--) {
      await sleep(50);
    }
    assert.ok(isDone(), `${path} does not have the text ${text}`);
  }
});
