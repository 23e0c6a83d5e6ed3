import type { PlanSubject } from '../../ecosystems/runtime-plan.ts';
import type { Project } from '../../project/project.ts';
import { argumentText } from '../../syntax/tree.ts';
import { deployedWords } from '../deployment/deployed-words.ts';

/** Programs that come in a system package of the same name on Debian, Ubuntu and Alpine alike. */
const packaged = [
  'bash',
  'curl',
  'wget',
  'git',
  'openssl',
  'tini',
  'dumb-init',
  'ffmpeg',
  'jq',
  'rsync',
  'zip',
  'unzip',
  'tar',
  'gzip',
  'rclone',
  'sqlite3',
];

/** How compiled languages start other programs. */
const calls =
  /(?:\bexec\.(?:Command|LookPath)(?:Context)?\(\s*(?:[\w.()]+\s*,\s*)?|\bCommand::new\(\s*|\bProcessBuilder\(\s*|\bgetRuntime\(\)\.exec\(\s*(?:new String\[\]\s*\{\s*)?|\b(?:system|popen|execlp?|execvp?)\(\s*)"([\w./+-]+)/g;

/**
 * Other programs that a compiled program needs beside it, as far as its sources, its probe and its start command tell, and what services run in it. An
 * image without a system has none of them.
 */
export function calledPrograms(input: PlanSubject, sources: string): string[] {
  const said = input.stage.steps
    .filter((step) => ['HEALTHCHECK', 'CMD', 'ENTRYPOINT'].includes(step.instruction.keyword))
    .flatMap((step) => argumentText(step.instruction).split(/[\s"',[\];&|()]+/))
    .map((word) => word.replace(/^.*\//, ''))
    .filter((word) => packaged.includes(word));
  const deployed = programsInContainers(input.project);
  const called = [...sources.matchAll(calls)].map((match) => (match[1] ?? '').replace(/^.*\//, ''));
  return [...new Set([...said, ...deployed, ...called])].filter((name) => name !== '');
}

/** Programs with a package of their name that services and workloads run in their containers. */
export function programsInContainers(project: Project): string[] {
  return deployedWords(project)
    .map(({ word }) => word)
    .filter((word) => packaged.includes(word));
}

/** The packages of such programs that a base image lacks and the file does not install for the final stage. */
export function programPackages(
  input: PlanSubject,
  programs: readonly string[],
  present: readonly string[],
): string[] {
  return programs.filter(
    (name) => packaged.includes(name) && !present.includes(name) && !input.packages.includes(name),
  );
}
