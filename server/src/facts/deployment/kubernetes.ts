import { scalarText } from '../../project/formats/values.ts';
import { readYamlDocuments } from '../../project/formats/yaml.ts';
import { nameOf } from '../../project/paths.ts';
import { privilegeOf } from '../../project/privilege.ts';
import type { DeployedContainer, MountedFolder } from './deployed-container.ts';

/** A container of a manifest, with the name of its image: its last part, without tag. */
export interface Workload {
  readonly image: string;
  readonly container: DeployedContainer;
}

const longest = 200_000;

/** Reads the containers of the workloads in a manifest; none where the text is something else, such as a template of Helm. */
export function readWorkloads(path: string, text: string): readonly Workload[] {
  return text.length > longest || !/^kind:/m.test(text) || text.includes('{{')
    ? []
    : readYamlDocuments(text).flatMap((document) => workloadsOf(path, document));
}

/** The containers of one workload. */
export function workloadsOf(path: string, document: unknown): Workload[] {
  const spec = at(document, 'spec');
  const kind = at(document, 'kind');
  const pod =
    kind === 'Pod'
      ? spec
      : kind === 'CronJob'
        ? at(spec, 'jobTemplate', 'spec', 'template', 'spec')
        : at(spec, 'template', 'spec');
  const containers = at(pod, 'containers');
  return (Array.isArray(containers) ? containers : []).map((one: unknown): Workload => {
    const security = (name: string): unknown =>
      at(one, 'securityContext', name) ?? at(pod, 'securityContext', name);
    const user = security('runAsUser');
    const name = scalarText(at(one, 'name'));
    return {
      image: nameOf(scalarText(at(one, 'image'))).replace(/[:@].*/s, ''),
      container: {
        user: typeof user === 'number' ? String(user) : undefined,
        refusesRoot: security('runAsNonRoot') === true,
        isReadOnly: security('readOnlyRootFilesystem') === true,
        privilege: privilegeOf(
          at(one, 'securityContext', 'privileged'),
          [],
          at(one, 'securityContext', 'capabilities', 'add'),
        ),
        mounts: mountsOf(one, pod),
        environment: environmentOf(one),
        command: ['command', 'args']
          .flatMap((key) => at(one, key) ?? [])
          .map(scalarText)
          .join(' '),
        probe: ['livenessProbe', 'readinessProbe', 'startupProbe']
          .flatMap((key) => at(one, key, 'exec', 'command') ?? [])
          .map(scalarText)
          .join(' '),
        settings: at(one, 'envFrom') !== undefined ? 'any' : settingsOf(one),
        evidence: { says: `container ${name} of ${nameOf(path)} runs it`, at: { kind: 'file', path } },
      },
    };
  });
}

function settingsOf(container: unknown): readonly string[] {
  const listed = at(container, 'env');
  return (Array.isArray(listed) ? listed : []).map((entry) => scalarText(at(entry, 'name')));
}

function mountsOf(container: unknown, pod: unknown): MountedFolder[] {
  const volumes = at(pod, 'volumes');
  const isShared = at(pod, 'securityContext', 'fsGroup') !== undefined;
  const mounts = at(container, 'volumeMounts');
  return (Array.isArray(mounts) ? mounts : []).flatMap((mount: unknown): MountedFolder[] => {
    const path = at(mount, 'mountPath');
    const volume: unknown = (Array.isArray(volumes) ? volumes : []).find(
      (one: unknown) => at(one, 'name') === at(mount, 'name'),
    );
    if (typeof path !== 'string') {
      return [];
    }
    const isFixed =
      at(mount, 'readOnly') === true ||
      ['configMap', 'secret', 'projected', 'downwardAPI'].some((name) => at(volume, name) !== undefined);
    // Kubernetes gives a claim to the group of the pod where there is one.
    const isOpen = at(volume, 'emptyDir') !== undefined || isShared;
    return [{ path, kind: isFixed ? 'read-only' : isOpen ? 'temporary' : 'claim' }];
  });
}

function environmentOf(container: unknown): Record<string, string> {
  const list = at(container, 'env');
  return Object.fromEntries(
    (Array.isArray(list) ? list : []).flatMap((one: unknown): [string, string][] => {
      const name = at(one, 'name');
      const value = at(one, 'value');
      return typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** The value that names lead to; undefined where one of them is missing. */
function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (one, name) =>
      typeof one === 'object' && one !== null ? (one as Record<string, unknown>)[name] : undefined,
    value,
  );
}
