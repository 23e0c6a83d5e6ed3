import { isRecord } from '../../project/build-file.ts';
import { readYaml } from '../../project/formats/yaml.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { ProjectReader } from '../../project/reader.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Workload } from './kubernetes.ts';

const mostTemplates = 20;
const securityKey = /^(?:pod|container)?securityContext$/i;

/** What a chart says of the user that its containers run as. */
interface Security {
  readonly refusesRoot: boolean;
  readonly user: string | undefined;
}

const open: Security = { refusesRoot: false, user: undefined };

/**
 * Reads the containers of a Helm chart from its plain values, and from what its templates say without a placeholder; none
 * where the folder holds no chart. What a template makes of its values is not worked out.
 */
export function readChart(reader: ProjectReader, folder: ContextPath): readonly Workload[] {
  const names = (reader.list(folder) ?? []).map((entry) => entry.name);
  if (!names.includes('Chart.yaml')) {
    return [];
  }
  const templates = securityOfTemplates(reader, joinPath(folder, 'templates'));
  const found = new Map<string, Workload>();
  for (const name of names.filter((one) => /^values[\w.-]*\.ya?ml$/.test(one))) {
    const path = joinPath(folder, name);
    for (const [image, security] of imagesOf(readYaml(reader.read(path) ?? ''), templates)) {
      const before = found.get(image)?.container;
      const refusesRoot = security.refusesRoot || before?.refusesRoot === true;
      const isSaidHere = security.refusesRoot && before?.refusesRoot !== true;
      found.set(image, {
        image,
        container: {
          user: before?.user ?? security.user,
          refusesRoot,
          isReadOnly: false,
          privilege: undefined,
          mounts: [],
          environment: {},
          settings: 'any',
          command: '',
          probe: '',
          evidence:
            before === undefined || isSaidHere
              ? {
                  says: `the chart of ${path} runs it`,
                  at: { kind: 'file', path },
                }
              : before.evidence,
        },
      });
    }
  }
  return [...found.values()];
}

/** The images that values name, each with what is said beside it or above it. */
function imagesOf(values: unknown, templates: Security): [string, Security][] {
  const found: [string, Security][] = [];
  const visit = (value: unknown, above: Security, depth: number): void => {
    if (!isRecord(value) || depth > 3) {
      return;
    }
    const { image } = value;
    const here = Object.entries(value)
      .filter(([key]) => securityKey.test(key))
      .reduce((all, [, one]) => joined(all, securityOf(one)), above);
    const repository = isRecord(image) ? image['repository'] : image;
    if (typeof repository === 'string' && repository !== '') {
      found.push([nameOf(repository).replace(/[:@].*/s, ''), here]);
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key !== 'image' && !securityKey.test(key)) {
        visit(inner, here, depth + 1);
      }
    }
  };
  visit(values, templates, 0);
  return found;
}

function securityOf(value: unknown): Security {
  if (!isRecord(value) || value['enabled'] === false) {
    return open;
  }
  const { runAsUser } = value;
  return {
    refusesRoot: value['runAsNonRoot'] === true,
    user: typeof runAsUser === 'number' ? String(runAsUser) : undefined,
  };
}

function joined(one: Security, other: Security): Security {
  return {
    refusesRoot: one.refusesRoot || other.refusesRoot,
    user: other.user ?? one.user,
  };
}

/** What templates say in lines without a placeholder. */
function securityOfTemplates(reader: ProjectReader, folder: ContextPath): Security {
  const files = (reader.list(folder) ?? [])
    .filter(({ name }) => /\.ya?ml$/.test(name))
    .slice(0, mostTemplates);
  const lines = files
    .flatMap(({ name }) => (reader.read(joinPath(folder, name)) ?? '').split('\n'))
    .map((line) => line.replace(/#.*/s, '').trim());
  const users = lines.flatMap((line) => /^runAsUser: *(\d+)$/.exec(line)?.[1] ?? []);
  return {
    refusesRoot: lines.some((line) => /^runAsNonRoot: *true$/.test(line)),
    user: users[0],
  };
}
