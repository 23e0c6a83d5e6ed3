import { familyNameOf } from '../../images/families/index.ts';
import { parseImageReference } from '../../images/reference.ts';
import {
  type ComposeMount,
  type ComposeService,
  composeFileNames,
  composeVariantPattern,
  readComposeServices,
} from '../../project/compose.ts';
import { foldersUp, joinPath, nameOf, resolvePath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import { readPlaybook } from './ansible.ts';
import type { DeployedContainer } from './deployed-container.ts';
import { readChart } from './helm.ts';
import { readWorkloads } from './kubernetes.ts';

/** Folders beside or above the build context in which manifests lie. */
const manifestFolder =
  /^(?:k8s|kube|kubernetes|manifests?|deploy|deployments?|infra|ops|\.k8s|base|overlays|prod|production|openshift|ansible|playbooks|helm|charts?)$/;

/** Folders whose folders are charts of Helm, whatever their names. */
const chartsFolder = /^(?:helm|charts)$/;

/** Folders in which Compose files lie that are not at the root. */
const composeFolder = /^(?:\.?docker|deploy|deployment|infra|ops|compose)$/;

const mostFiles = 60;

const deployments = memoizeFor((project: Project): readonly DeployedContainer[] => {
  const place = placeOf(project);
  return place === undefined
    ? []
    : [...fromCompose(place, joinPath(place.folder, project.dockerfile ?? '')), ...fromKubernetes(place)];
});

/**
 * What Compose files, Kubernetes manifests and Ansible playbooks of the project say of the container that its Dockerfile makes. An empty
 * list means that none was found, not that there is none elsewhere.
 */
export function deployment(project: Project): readonly DeployedContainer[] {
  return deployments(project);
}

/**
 * Services of Compose files that name an image instead of a build, and one that is not known: it may be what the
 * Dockerfile makes, pushed and pulled by that name. Only who needs to be on the safe side asks for them.
 */
export const unbuiltServices = memoizeFor((project: Project): readonly DeployedContainer[] =>
  unknownImages(project).map(({ service, path }) => composed(service, path, 'may run it')),
);

/** Those of them whose image has no registry and no owner: it was built on this machine, or is one of Docker's own. */
export const namedServices = memoizeFor((project: Project): readonly DeployedContainer[] =>
  unknownImages(project)
    .filter(({ service }) => service.image?.includes('/') === false && !dockersOwn.test(service.image ?? ''))
    .map(({ service, path }) => composed(service, path, 'runs it')),
);

/** Docker's own images of other programs, beside those whose family is known. */
const dockersOwn =
  /^(?:adminer|mongo-express|phpmyadmin|registry|rabbitmq|memcached|traefik|caddy|haproxy|influxdb|kibana|elasticsearch|logstash|neo4j|couchdb|nats|consul|vault|zookeeper|telegraf|chronograf|busybox|hello-world|eclipse-mosquitto|minio|mysql|mariadb|postgres|redis|mongo|wordpress|ghost|nextcloud)(?::|$)/;

function unknownImages(project: Project): FoundService[] {
  const place = placeOf(project);
  return (place === undefined ? [] : composeServices(place, deployedFiles)).filter(({ service }) => {
    const image = service.image === undefined ? undefined : parseImageReference(service.image);
    const isKnown = image !== undefined && familyNameOf(image) !== undefined;
    return service.build === undefined && service.image !== undefined && !isKnown;
  });
}

function placeOf(project: Project): Place | undefined {
  // Fixtures and plain folders have no root above the build context.
  const folder = project.root === undefined ? '' : (project.folder ?? '');
  return !project.isKnown || project.dockerfile === undefined
    ? undefined
    : { reader: project.root ?? project.reader, folder };
}

interface Place {
  readonly reader: Project['reader'];
  /** Folder of the build context. */
  readonly folder: string;
}

function fromCompose(place: Place, dockerfile: string): DeployedContainer[] {
  return composeServices(place, deployedFiles).flatMap((found) =>
    builtFileOf(found) === dockerfile ? [composed(found.service, found.path, 'runs it')] : [],
  );
}

/** The Dockerfile that a service is built from; undefined where it is not known, and for a service without a build. */
function builtFileOf({ service: { build }, folder }: FoundService): string | undefined {
  const context = build?.context === undefined ? undefined : resolvePath(folder, build.context);
  return context === undefined || build?.dockerfile === undefined
    ? undefined
    : resolvePath(context, build.dockerfile);
}

/** What a service or workload runs in a container of the Dockerfile, in place of the image's own command or beside it. */
export interface ServiceCommand {
  /** Shell text. */
  readonly command: string;
  /** True for what looks whether the container is well. */
  readonly isProbe: boolean;
  /** In words: `service worker of compose.yaml`. */
  readonly by: string;
  /** The stage it is built to; undefined for the last one. */
  readonly target: string | undefined;
  /** Folders of the container that are put over those of the image. */
  readonly mounts: readonly ComposeMount[];
}

/**
 * What services of all Compose files run in containers of the Dockerfile, those for development and tests included: services that build it, that use the image which another one builds, and that change one of them in another file.
 */
export const serviceCommands = memoizeFor((project: Project): readonly ServiceCommand[] =>
  servicesOf(project, () => true).flatMap(({ service, path, same }) =>
    commandsOf(service, {
      by: `service ${service.name} of ${nameOf(path)}`,
      target: same.build?.target,
      mounts: [...same.mounts, ...service.mounts],
    }),
  ),
);

/** A service that is deployed from the Dockerfile. */
export interface DeployedService {
  readonly service: ComposeService;
  /** The stage it is built to; undefined for the last one. */
  readonly target: string | undefined;
  /** In words: `service worker of compose.yaml`. */
  readonly by: string;
}

/** The services that Compose files start from what the Dockerfile makes; variants for development are left out. */
export const deployedServices = memoizeFor((project: Project): readonly DeployedService[] =>
  servicesOf(project, deployedFiles).map(({ service, path, same }) => ({
    service,
    target: same.build?.target,
    by: `service ${service.name} of ${nameOf(path)}`,
  })),
);

/** Services that run what the Dockerfile makes, each with the one that builds it. */
function servicesOf(
  project: Project,
  isTaken: (name: string) => boolean,
): (FoundService & { readonly same: ComposeService })[] {
  const place = placeOf(project);
  const dockerfile = joinPath(place?.folder ?? '', project.dockerfile ?? '');
  const services = place === undefined ? [] : composeServices(place, isTaken);
  const built = services.filter((found) => builtFileOf(found) === dockerfile);
  return services.flatMap((found) => {
    const { service, folder } = found;
    const same = built.find(
      (one) =>
        one === found ||
        (service.build === undefined &&
          (service.image === undefined
            ? one.service.name === service.name && one.folder === folder
            : one.service.image === service.image)),
    );
    return same === undefined ? [] : [{ ...found, same: same.service }];
  });
}

/** The same of the workloads of Kubernetes manifests. */
export const workloadCommands = memoizeFor((project: Project): readonly ServiceCommand[] => {
  const place = placeOf(project);
  return (place === undefined ? [] : fromKubernetes(place)).flatMap((container) =>
    commandsOf(container, {
      by: container.evidence.says.replace(/ runs it$/, ''),
      target: undefined,
      mounts: [],
    }),
  );
});

function commandsOf(
  { command, probe }: { readonly command: string; readonly probe: string },
  place: Pick<ServiceCommand, 'by' | 'target' | 'mounts'>,
): ServiceCommand[] {
  return [
    ...(command === '' ? [] : [{ ...place, command, isProbe: false }]),
    ...(probe === '' ? [] : [{ ...place, command: probe, isProbe: true }]),
  ];
}

/** A variant for development says nothing of what ships. */
const deployedFiles = (name: string): boolean =>
  !/[.-](?:dev|devel|development|local|test|ci|debug|override)[.-]/.test(name);

/** A service that a Compose file of the project names. */
interface FoundService {
  readonly service: ComposeService;
  /** Folder of the Compose file, and the file. */
  readonly folder: string;
  readonly path: string;
}

function composeServices({ reader, folder }: Place, isTaken: (name: string) => boolean): FoundService[] {
  const below = foldersUp(folder).flatMap((one) => [
    one,
    ...(reader.list(one) ?? [])
      .filter((entry) => entry.kind === 'directory' && composeFolder.test(entry.name))
      .map((entry) => joinPath(one, entry.name)),
  ]);
  return [...new Set(below)].flatMap((one) =>
    (reader.list(one) ?? [])
      .filter(({ name }) => composeFileNames.includes(name) || composeVariantPattern.test(name))
      .filter(({ name }) => isTaken(name))
      .flatMap(({ name }) => {
        const path = joinPath(one, name);
        return (readComposeServices(reader.read(path) ?? '') ?? []).map((service) => ({
          service,
          folder: one,
          path,
        }));
      }),
  );
}

function composed(service: ComposeService, path: string, verb: string): DeployedContainer {
  return {
    user: service.user,
    refusesRoot: false,
    isReadOnly: service.isReadOnly,
    privilege: service.privilege,
    environment: service.environment,
    settings: service.settings,
    command: service.command,
    probe: service.probe,
    mounts: service.mounts.map(({ target, kind, isReadOnly }) => ({
      path: target.replace(/(?<=[^/])\/+$/, ''),
      kind: isReadOnly ? 'read-only' : kind === 'tmpfs' ? 'temporary' : kind,
    })),
    evidence: {
      says: `service ${service.name} of ${nameOf(path)} ${verb}`,
      at: { kind: 'file', path, line: service.line },
    },
  };
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
      } else if (
        entry.kind === 'directory' &&
        depth < 3 &&
        (manifestFolder.test(entry.name) || chartsFolder.test(nameOf(path)))
      ) {
        folders.push({ path: joinPath(path, entry.name), depth: depth + 1 });
      }
    }
  }
  const manifests = [...new Set(files)].flatMap((path) => {
    const text = reader.read(path) ?? '';
    return [...readWorkloads(path, text), ...readPlaybook(path, text)];
  });
  const charts = [...new Set(folders.map(({ path }) => path))].flatMap((path) => readChart(reader, path));
  const found = [...manifests, ...charts];
  // Of several images, the one that is called like the folder is meant; a single one is taken as it is.
  const own = folder === '' ? [] : found.filter(({ image }) => image === nameOf(folder));
  const isOne =
    found.length === 1 || (charts.length > 0 && new Set(found.map(({ image }) => image)).size === 1);
  return (own.length > 0 ? own : isOne ? found : []).map(({ container }) => container);
}
