import type { Project } from './project.ts';
import { isUnchanging, type ProjectReader, rememberingReader, type UnchangingReader } from './reader.ts';

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
  const remembering = (reader: ProjectReader): UnchangingReader => {
    const known = readers.get(reader) ?? rememberingReader(reader);
    readers.set(reader, known);
    return known;
  };
  const { reader, repository, root } = project;
  const view: Project = {
    ...project,
    context,
    reader: remembering(reader),
    ...(repository === undefined ? {} : { repository: remembering(repository) }),
    ...(root === undefined ? {} : { root: remembering(root) }),
  };
  views.set(project, { project: view, readers: [...readers.values()] });
  return view;
}
