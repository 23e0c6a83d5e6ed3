import { isRecord } from '../../project/build-file.ts';
import { scalarText } from '../../project/formats/values.ts';
import { readYamlDocuments } from '../../project/formats/yaml.ts';
import { nameOf } from '../../project/paths.ts';
import { privilegeOf } from '../../project/privilege.ts';
import type { MountedFolder } from './deployed-container.ts';
import { type Workload, workloadsOf } from './kubernetes.ts';

const longest = 200_000;
const kubernetesModule = /^(?:(?:kubernetes|community)\.\w+\.)?k8s$/;
const dockerModule = /^(?:community\.docker\.)?docker_container$/;

/** Reads the containers that the tasks of an Ansible playbook start: by Kubernetes, or by Docker. */
export function readPlaybook(path: string, text: string): readonly Workload[] {
  if (text.length > longest || !/\bk8s:|\bdocker_container:/.test(text)) {
    return [];
  }
  const found: Workload[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 12) {
      return;
    }
    if (Array.isArray(value)) {
      for (const one of value) {
        visit(one, depth + 1);
      }
    } else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (kubernetesModule.test(key) && isRecord(inner)) {
          const { definition, resource_definition: other } = inner;
          found.push(...[definition ?? other].flat().flatMap((one) => workloadsOf(path, one)));
        } else if (dockerModule.test(key) && isRecord(inner)) {
          found.push(containerOf(path, inner));
        } else {
          visit(inner, depth + 1);
        }
      }
    }
  };
  // Manifests start with a map, playbooks and lists of tasks with a list.
  visit(readYamlDocuments(text).filter(Array.isArray), 0);
  return found;
}

function containerOf(path: string, task: Readonly<Record<string, unknown>>): Workload {
  const { name, image, user, env, volumes } = task;
  const environment = isRecord(env)
    ? Object.entries(env).map(([key, value]) => [key, scalarText(value)])
    : [];
  return {
    image: nameOf(scalarText(image)).replace(/[:@].*/s, ''),
    container: {
      user: user === undefined ? undefined : scalarText(user),
      refusesRoot: false,
      isReadOnly: task['read_only'] === true,
      privilege: privilegeOf(task['privileged'], task['devices'], task['capabilities']),
      mounts: (Array.isArray(volumes) ? volumes : []).flatMap((one) => mountOf(scalarText(one))),
      environment: Object.fromEntries(environment),
      // What stands in place of a map is a variable of the playbook.
      settings:
        task['env_file'] !== undefined || (env !== undefined && !isRecord(env))
          ? 'any'
          : environment.map(([key = '']) => key),
      command: [task['entrypoint'], task['command']]
        .flat()
        .filter((one) => one !== undefined)
        .map(scalarText)
        .join(' '),
      probe: [isRecord(task['healthcheck']) ? task['healthcheck']['test'] : undefined]
        .flat()
        .map(scalarText)
        .join(' '),
      evidence: {
        says: `container ${scalarText(name)} of ${nameOf(path)} runs it`,
        at: { kind: 'file', path },
      },
    },
  };
}

/** `/srv/data:/data:ro`, `data:/data`, `/data`. */
function mountOf(text: string): MountedFolder[] {
  const parts = text.replace(/\{\{[^{}]*\}\}/g, '/variable').split(':');
  const [source = '', target] = parts;
  const path = (target ?? source).replace(/(?<=[^/])\/+$/, '');
  const isFixed = parts[2]?.split(',').includes('ro') === true;
  const isNamed = target === undefined || !/^[./~]/.test(source);
  return path.startsWith('/') ? [{ path, kind: isFixed ? 'read-only' : isNamed ? 'volume' : 'bind' }] : [];
}
