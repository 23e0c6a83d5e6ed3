import { whyMissing } from '../../../scripts/setup/programs.ts';

/** Why real builds cannot run here; undefined when they can. With CI=true a machine that cannot build is an error. */
export function whyNoBuilds(): string | undefined {
  const reason = findReason();
  if (reason !== undefined && process.env['CI'] === 'true') {
    throw new Error(`Builds must run in CI: ${reason}`);
  }
  return reason;
}

function findReason(): string | undefined {
  if (process.platform !== 'linux') {
    return 'image builds need Linux';
  }
  return process.getuid?.() === 0 ? whyMissing('builds') : 'image builds need root';
}
