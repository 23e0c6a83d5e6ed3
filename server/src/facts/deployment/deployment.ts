import { composeFileNames, composeVariantPattern, readComposeServices } from '../../project/compose.ts';
import { directoryOf, joinPath, nameOf, resolvePath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { rememberFor } from '../../text/remember.ts';
import { readPlaybook } from './ansible.ts';
import type { DeployedContainer } from './deployed-container.ts';
import { readWorkloads } from './kubernetes.ts';

/** Folders beside or above the build context in which manifests lie. */
const manifestFolder =
  /^(?:k8s|kube|kubernetes|manifests?|deploy|deployments?|infra|ops|\.k8s|base|overlays|prod|production|openshift|ansible|playbooks)$/;

/** Folders in which Compose files lie that are not at the root. */
const composeFolder = /^(?:\.?docker|deploy|deployment|infra|ops|compose)$/;

const mostFiles = 60;

const deployments = rememberFor((project: Project): readonly DeployedContainer[] => {
  if (!project.isKnown || project.dockerfile === undefined) {
    return [];
  }
  // Fixtures and plain folders have no root above the build context.
  const folder = project.root === undefined ? '' : (project.folder ?? '');
  const place = { reader: project.root ?? project.reader, folder };
  return [...fromCompose(place, joinPath(folder, project.dockerfile)), ...fromKubernetes(place)];
});

/**
 * What Compose files, Kubernetes manifests and Ansible playbooks of the project say of the container that its Dockerfile makes. An empty
 * list means that none was found, not that there is none elsewhere.
 */
export function deployment(project: Project): readonly DeployedContainer[] {
  return deployments(project);
}

interface Place {
  readonly reader: Project['reader'];
  /** Folder of the build context. */
  readonly folder: string;
}

/** The folder of the build context and those above it, the nearest first. */
function foldersUp(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) {
    at = directoryOf(at);
    folders.push(at);
  }
  return folders;
}

function fromCompose({ reader, folder }: Place, dockerfile: string): DeployedContainer[] {
  const below = foldersUp(folder).flatMap((one) => [
    one,
    ...(reader.list(one) ?? [])
      .filter((entry) => entry.kind === 'directory' && composeFolder.test(entry.name))
      .map((entry) => joinPath(one, entry.name)),
  ]);
  return [...new Set(below)].flatMap((one) =>
    (reader.list(one) ?? [])
      .filter(({ name }) => composeFileNames.includes(name) || composeVariantPattern.test(name))
      // A variant for development says nothing of what ships.
      .filter(({ name }) => !/[.-](?:dev|devel|development|local|test|ci|debug|override)[.-]/.test(name))
      .flatMap(({ name }) => {
        const path = joinPath(one, name);
        return (readComposeServices(reader.read(path) ?? '') ?? []).flatMap(
          (service): DeployedContainer[] => {
            const { build } = service;
            const context = build.context === undefined ? undefined : resolvePath(one, build.context);
            const file =
              context === undefined || build.dockerfile === undefined
                ? undefined
                : resolvePath(context, build.dockerfile);
            return file === dockerfile
              ? [
                  {
                    user: service.user,
                    refusesRoot: false,
                    isReadOnly: service.isReadOnly,
                    privilege: service.privilege,
                    environment: service.environment,
                    isGivenSettings: service.isGivenSettings,
                    command: service.command,
                    mounts: service.mounts.map(({ target, kind, isReadOnly }) => ({
                      path: target.replace(/(?<=[^/])\/+$/, ''),
                      kind: isReadOnly ? 'read-only' : kind === 'tmpfs' ? 'temporary' : kind,
                    })),
                    evidence: {
                      says: `service ${build.name} of ${name} runs it`,
                      at: { kind: 'file', path, line: build.line },
                    },
                  },
                ]
              : [];
          },
        );
      }),
  );
}

function fromKubernetes({ reader, folder }: Place): DeployedContainer[] {
  const files: string[] = [];
  const folders = foldersUp(folder).map((path) => ({ path, depth: 0 }));
  for (let at = 0; at < folders.length && files.length < mostFiles; at++) {
    const { path, depth } = folders[at] ?? { path: '', depth: 9 };
    for (const entry of reader.list(path) ?? []) {
      const isManifest = /\.ya?ml$/.test(entry.name) && !/compose|^\./.test(entry.name);
      if (entry.kind === 'file' && isManifest) {
        files.push(joinPath(path, entry.name));
      } else if (entry.kind === 'directory' && depth < 3 && manifestFolder.test(entry.name)) {
        folders.push({ path: joinPath(path, entry.name), depth: depth + 1 });
      }
    }
  }
  const found = [...new Set(files)].flatMap((path) => {
    const text = reader.read(path) ?? '';
    return [...readWorkloads(path, text), ...readPlaybook(path, text)];
  });
  const [only] = found;
  // Of several containers, the one whose image is called like the folder is meant; a single one is taken as it is.
  const own = folder === '' ? [] : found.filter(({ image }) => image === nameOf(folder));
  return (own.length > 0 ? own : found.length === 1 && only !== undefined ? [only] : []).map(
    ({ container }) => container,
  );
}
