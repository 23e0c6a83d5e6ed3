import { mayReadContext } from '../project/context.ts';
import type { Project } from '../project/project.ts';
import type { CliHost, OpenProject } from './host.ts';

/** Milliseconds after which a measurement is talked about, and between two words of it. */
const patience = 500;
const everyMilliseconds = 100;

/**
 * The project, with what its build context weighs under its ignore file where the Dockerfile may read it. On a terminal's
 * standard error a long wait is explained.
 */
export async function measured(
  host: CliHost,
  opened: OpenProject,
  project: Project,
  text: string,
): Promise<Project> {
  if (opened.measured === undefined || !mayReadContext(text)) {
    return project;
  }
  const output = host.stderr;
  let shownAt = host.clock() + patience - everyMilliseconds;
  let isShown = false;
  const result = await opened.measured(project, (entries) => {
    if (output.isTerminal && host.clock() - shownAt >= everyMilliseconds) {
      shownAt = host.clock();
      isShown = true;
      output.write(`\rMeasuring the build context: ${entries.toLocaleString('en')} files and folders`);
    }
  });
  if (isShown) {
    output.write('\r\u001b[K');
  }
  return result;
}
