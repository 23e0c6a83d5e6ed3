/** The moving picture of the README: from an opened Dockerfile to a smaller one, as frames of a real window. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { findProgram, whyMissing } from './setup/programs.ts';
import { MissingPart } from './vscode-host/missing.ts';

interface Frame {
  readonly file: string;
  /** How long it is shown, in milliseconds. */
  duration: number;
}

/** Frames of the way of the pointer from one place to the next, and how long each is shown. */
const way = { frames: 7, duration: 50 };

const program = 'img2webp';

/** Draws a pointer over the page. */
const pointer = `
const pointer = document.createElement('div');
pointer.id = 'ballast-pointer';
pointer.style.cssText =
  'position:fixed;z-index:2147483647;pointer-events:none;width:15px;height:22px;background:#fff;' +
  'clip-path:polygon(0 0,0 77%,26% 59%,43% 100%,60% 93%,44% 55%,80% 55%)';
const edge = pointer.cloneNode();
edge.id = '';
edge.style.cssText += ';position:absolute;inset:1px 2px 2px 1px;width:auto;height:auto;background:#d4383c';
pointer.append(edge);
document.body.append(pointer);
`;

/** Throws `MissingPart` where the pictures cannot be put together on this machine. */
export function checkMovingPictures(): void {
  if (findProgram(program) === undefined) {
    throw new MissingPart(whyMissing('pictures') ?? `${program} is missing.`);
  }
}

/** Goes through a window that shows the Dockerfile of the example, and writes what is seen into a WebP file. */
export async function recordTour(page: Page, file: string): Promise<void> {
  const recorder = new Recorder(page);
  try {
    const lens = page.locator('.codelens-decoration a');
    await lens.nth(1).waitFor();
    // The size in the status bar comes a second later.
    await page.locator('.statusbar-item').getByText('→').waitFor();
    await recorder.start();
    await recorder.hold(1600);
    await recorder.moveTo(page.locator('.view-line').getByText('COPY', { exact: true }).first());
    await page.locator('.monaco-hover:visible').first().waitFor();
    // It fades in.
    await page.waitForTimeout(800);
    await recorder.hold(2600);
    await recorder.moveTo(lens.nth(1));
    await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
    await recorder.click();
    const rows = page.locator('.quick-input-widget .monaco-list-row');
    await rows.first().waitFor();
    // The list is filled anew once what is ticked has been worked out.
    await page.waitForTimeout(1500);
    await recorder.hold(2400);
    await page.keyboard.press('Enter');
    await page.locator('.review-widget').first().waitFor();
    await page.locator('.line-insert').first().waitFor();
    await page.waitForTimeout(800);
    await recorder.hold(3000);
    await recorder.moveTo(page.locator('.editor-actions').getByText('Apply Changes').first());
    await recorder.click();
    await lens.getByText('checklist 8 of 8').waitFor();
    await page.locator('.statusbar-item').getByText('→').waitFor({ state: 'hidden' });
    await page.waitForTimeout(500);
    await recorder.hold(4000);
    recorder.write(file);
  } finally {
    recorder.dispose();
  }
}

class Recorder {
  private readonly page: Page;
  private readonly folder = mkdtempSync(join(tmpdir(), 'ballast-frames-'));
  private readonly frames: Frame[] = [];
  private at = { x: 700, y: 420 };

  constructor(page: Page) {
    this.page = page;
  }

  /** Screenshots show no pointer: one is drawn over the page. */
  async start(): Promise<void> {
    await this.page.evaluate(pointer);
    await this.place();
  }

  /** Shows the window as it is for a while. */
  async hold(duration: number): Promise<void> {
    const file = join(this.folder, `${String(this.frames.length).padStart(4, '0')}.png`);
    // The caret would blink at random.
    await this.page.screenshot({ path: file, caret: 'hide' });
    this.frames.push({ file, duration });
  }

  async moveTo(target: Locator): Promise<void> {
    const box = await target.boundingBox();
    if (box === null) {
      throw new Error('There is nothing to move the pointer to.');
    }
    const from = this.at;
    const to = { x: box.x + Math.min(box.width / 2, 40), y: box.y + box.height / 2 };
    for (let i = 1; i <= way.frames; i++) {
      // Slow at both ends, as a hand moves.
      const part = (1 - Math.cos((Math.PI * i) / way.frames)) / 2;
      this.at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
      await this.place();
      await this.hold(way.duration);
    }
  }

  async click(): Promise<void> {
    await this.hold(250);
    await this.page.mouse.click(this.at.x, this.at.y);
  }

  write(file: string): void {
    const list = join(this.folder, 'arguments');
    const frames = this.frames.flatMap(({ file: frame, duration }) => ['-d', String(duration), frame]);
    writeFileSync(list, ['-loop', '0', '-min_size', '-lossless', ...frames, '-o', file].join('\n'));
    execFileSync(program, [list], { stdio: 'pipe' });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async place(): Promise<void> {
    await this.page.mouse.move(this.at.x, this.at.y);
    const { x, y } = this.at;
    await this.page.evaluate(
      `Object.assign(document.getElementById('ballast-pointer').style, { left: '${x}px', top: '${y}px' })`,
    );
  }
}
