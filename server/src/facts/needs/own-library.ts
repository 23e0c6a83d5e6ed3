import { readSources } from '../../ecosystems/source-text.ts';
import type { Stage } from '../../model/dockerfile.ts';
import type { AnalysisContext } from '../context.ts';
import { hasStep } from '../stage.ts';
import type { SmallerBaseVerdict } from './smaller-base-verdict.ts';

/**
 * Whether a program runs on an image of Alpine that brings the C library its interpreter needs, as that of Deno does
 * (denoland/deno_docker, read 2026-11-30); what loads libraries of its own may need more. Undefined for other families.
 */
export function ownLibraryVerdict(
  { project }: AnalysisContext,
  stages: readonly Stage[],
  family: string | undefined,
): SmallerBaseVerdict | undefined {
  if (family !== 'deno') {
    return undefined;
  }
  const manifests = ['deno.json', 'deno.jsonc', 'deno.lock', 'package.json'].map(
    (name) => project.reader.read(name) ?? '',
  );
  const texts = [...manifests, readSources(project, '', /\.[cm]?[jt]sx?$/)].join('\n');
  const reason = !project.isKnown
    ? 'It has musl, another C library, and what the program loads is not known.'
    : /\bnpm:|\bDeno\.dlopen\b|"npm"\s*:|"dependencies"\s*:/.test(texts)
      ? 'It has musl, another C library, and packages of npm or libraries that the program loads may need glibc.'
      : stages.some((stage) => hasStep(stage, 'USER'))
        ? 'The user of the image has another number there.'
        : undefined;
  return reason === undefined
    ? { assumptions: ['The program loads no library of its own.'] }
    : { obstacle: { code: 'musl-not-known-to-do', reason }, assumptions: [] };
}
