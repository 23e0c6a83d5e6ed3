import type { Page } from 'playwright-core';

/** Puts the cursor of the open editor to a line and column, both starting at 1. */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  const input = page.locator('.quick-input-widget');
  await page.keyboard.press('Control+G');
  await input.waitFor();
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
}

/** Opens the quick-fix menu at the cursor. */
export async function openQuickFixes(page: Page): Promise<void> {
  const menu = page.locator('.action-widget .action').first();
  // The menu stays closed while the editor waits for the focus, and closes when new findings arrive.
  for (let tries = 10; tries > 0 && !(await menu.isVisible()); tries--) {
    await page.keyboard.press('Control+.');
    await menu.waitFor({ timeout: 5_000 }).catch(() => {});
  }
  await menu.waitFor();
}
