/** Makes the pictures of the README, the moving one too: the example project in a served VS Code with the packaged extension. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { checkMovingPictures, recordTour } from './moving-picture.ts';
import { packageExtension } from './package.ts';
import { setUp } from './setup/setup.ts';
import { startChromium } from './vscode-host/chromium.ts';
import { type Host, installHost } from './vscode-host/install.ts';
import { goTo, openQuickFixes } from './vscode-host/keyboard.ts';
import { installExtension, type Server, startServer } from './vscode-host/server.ts';
import { workbenchUrl } from './vscode-host/workbench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs/images');
const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' };

/** A plain window: nothing but the editor, so that the text stays readable in a narrow picture. */
const settings = {
  // Else the pictures would depend on what registries say today.
  'ballast.network': 'off',
  'breadcrumbs.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.fontSize': 14,
  'editor.lineHeight': 21,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.selectionHighlight': false,
  'editor.stickyScroll.enabled': false,
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** A Dockerfile with several images, for the sizes behind them. */
const stages = `FROM golang:1.26 AS api
WORKDIR /src
COPY . .
RUN go build -o /api ./cmd/api

FROM node:22 AS web
WORKDIR /src
COPY web .
RUN npm ci && npm run build

FROM node:
COPY --from=api /api /usr/local/bin/api
COPY --from=web /src/dist /srv
CMD ["api"]
`;

const temporary = mkdtempSync(join(tmpdir(), 'ballast-screenshots-'));
setUp(['pictures']);
checkMovingPictures();
const browser = await startChromium();
try {
  const host = installHost();
  const extensionsDir = join(temporary, 'extensions');
  installExtension(host, packageExtension(), { userDataDir: join(temporary, 'install'), extensionsDir });
  mkdirSync(images, { recursive: true });
  for (const [name, theme] of Object.entries(themes)) {
    await takeAll(host, browser, extensionsDir, name, theme);
  }
} finally {
  await browser.close();
  rmSync(temporary, { recursive: true, force: true });
}

async function takeAll(
  host: Host,
  browser: Browser,
  extensionsDir: string,
  name: string,
  theme: string,
): Promise<void> {
  const userDataDir = join(temporary, name, 'user-data');
  const folder = join(temporary, name, 'node-service');
  cpSync(join(root, 'examples/node-service'), folder, { recursive: true });
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  writeFileSync(
    join(userDataDir, 'User/settings.json'),
    JSON.stringify({ ...settings, 'workbench.colorTheme': theme }),
  );
  const server = await startServer(host, {
    userDataDir,
    extensionsDir,
    workspaceTrust: false,
    extensionTests: false,
    port: 0,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
    page.setDefaultTimeout(60_000);
    await page.goto(workbenchUrl(server, { folder, file: join(folder, 'Dockerfile') }));
    await page.waitForSelector('.squiggly-warning');
    await page.keyboard.press('Control+B');
    await page.keyboard.press('Control+Shift+M');
    await page.waitForSelector('.markers-panel .monaco-list-row');
    await picture(page, `diagnostics-${name}`);
    await page.keyboard.press('Control+J');
    await page.setViewportSize({ width: 1100, height: 480 });
    await goTo(page, 1, 8);
    await openQuickFixes(page);
    await picture(page, `quick-fixes-${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await page.hover('.monaco-hover .markdown-hover table');
    await picture(page, `hover-${name}`);
    await page.close();
    await takeSizes(server, browser, folder, name);
    await takeChanges(server, browser, folder, name);
    await takeWeight(server, browser, folder, name);
    // The last one: it changes the files.
    await takeTour(server, browser, folder, name);
  } finally {
    await server.stop();
  }
}

/** Sizes behind images, and beside the tags that are offered. */
async function takeSizes(server: Server, browser: Browser, folder: string, name: string): Promise<void> {
  const file = join(folder, 'stages.Dockerfile');
  writeFileSync(file, stages);
  const page = await browser.newPage({ viewport: { width: 1100, height: 480 } });
  page.setDefaultTimeout(60_000);
  await page.goto(workbenchUrl(server, { folder, file }));
  await page.locator('.view-lines').getByText('GB').first().waitFor();
  await page.keyboard.press('Control+B');
  await picture(page, `size-hints-${name}`);
  await goTo(page, 11, 11);
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget').getByText('22-slim').first().waitFor();
  await picture(page, `completion-${name}`);
  await page.close();
}

/** The checklist, what slimming would do, and its diff. */
async function takeChanges(server: Server, browser: Browser, folder: string, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 560 } });
  page.setDefaultTimeout(60_000);
  await page.goto(workbenchUrl(server, { folder, file: join(folder, 'Dockerfile') }));
  const lens = page.locator('.codelens-decoration a');
  const row = page.locator('.quick-input-widget .monaco-list-row').first();
  await lens.first().waitFor();
  await page.keyboard.press('Control+B');
  await lens.first().click();
  await row.waitFor();
  await picture(page, `checklist-${name}`);
  await page.keyboard.press('Escape');
  await row.waitFor({ state: 'hidden' });
  await lens.nth(1).click();
  await row.waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Apply Changes').first().waitFor();
  await page.locator('.review-widget').first().waitFor();
  // The colours of the diff come after its text.
  await page.locator('.line-insert').first().waitFor();
  await picture(page, `slim-${name}`);
  await page.close();
}

/** What makes up the image, beside the text. */
async function takeWeight(server: Server, browser: Browser, folder: string, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
  page.setDefaultTimeout(60_000);
  await page.goto(workbenchUrl(server, { folder, file: join(folder, 'Dockerfile') }));
  await page.locator('.codelens-decoration a').first().waitFor();
  await page.keyboard.press('Control+B');
  await page.getByRole('button', { name: 'Show Weight' }).first().click();
  const view = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await view.locator('svg.map').first().waitFor();
  await picture(page, `weight-${name}`);
  await page.close();
}

/** From the opened Dockerfile to a smaller one. */
async function takeTour(server: Server, browser: Browser, folder: string, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  page.setDefaultTimeout(60_000);
  await page.goto(workbenchUrl(server, { folder, file: join(folder, 'Dockerfile') }));
  await page.locator('.codelens-decoration a').first().waitFor();
  await page.keyboard.press('Control+B');
  await recordTour(page, join(images, `tour-${name}.webp`));
  await page.close();
}

async function picture(page: Page, name: string): Promise<void> {
  // Menus and hovers fade in.
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(images, `${name}.png`) });
}
