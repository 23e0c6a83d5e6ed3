import { memoizeFor } from '../text/memoize.ts';
import type { Project } from './project.ts';
import { isUnchanging, memoizingReader, type ProjectReader, type UnchangingReader } from './reader.ts';

interface View {
  readonly project: Project;
  readonly readers: readonly UnchangingReader[];
}

const views = new WeakMap<Project, View>();

/**
 * The project as it is now, however often it is asked. As long as nothing changes of what was read, it is the same object
 * from one analysis to the next, so that what was made of it can be kept with it. A view is its own view.
 */
export function viewOf(project: Project): Project {
  if (isUnchanging(project.reader)) {
    return project;
  }
  const { context } = project;
  const old = views.get(project);
  if (old !== undefined && old.project.context === context && old.readers.every((one) => one.isCurrent())) {
    return old.project;
  }
  const readers = new Map<ProjectReader, UnchangingReader>();
  const memoizing = (reader: ProjectReader): UnchangingReader => {
    const known = readers.get(reader) ?? memoizingReader(reader);
    readers.set(reader, known);
    return known;
  };
  const { reader, repository, root } = project;
  const view: Project = {
    ...project,
    context,
    reader: memoizing(reader),
    ...(repository === undefined ? {} : { repository: memoizing(repository) }),
    ...(root === undefined ? {} : { root: memoizing(root) }),
  };
  views.set(project, { project: view, readers: [...readers.values()] });
  return view;
}

/** Keeps what was made of a project with its view; what is no view may change, and is looked at anew. */
export function memoizeForView<T>(work: (project: Project) => T): (project: Project) => T {
  const memoized = memoizeFor(work);
  return (project) => (isUnchanging(project.reader) ? memoized(project) : work(project));
}

/** The same for what depends on a text too: a folder, a pattern. */
export function memoizeInView<T>(
  work: (project: Project, text: string) => T,
): (project: Project, text: string) => T {
  const answers = memoizeForView((project) => {
    const known = new Map<string, { readonly value: T }>();
    return (text: string): T => {
      const answer = known.get(text) ?? { value: work(project, text) };
      known.set(text, answer);
      return answer.value;
    };
  });
  return (project, text) => answers(project)(text);
}
