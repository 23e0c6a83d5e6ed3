import { type Browser, chromium } from 'playwright-core';
import { findProgram, programsOf, whyMissing } from '../setup/programs.ts';
import { MissingPart } from './missing.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium. Throws `MissingPart` where there is none. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: flags });
}

/** Path of a Chromium or Chrome on this machine. Throws `MissingPart` where there is none. */
export function findChromium(): string {
  const found = programsOf.vscode
    .flatMap(({ names }) => names)
    .map(findProgram)
    .find((path) => path !== undefined);
  if (found === undefined) {
    throw new MissingPart(whyMissing('vscode') ?? 'Chromium is missing.');
  }
  return found;
}
