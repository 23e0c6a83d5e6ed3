import { pythonLibraries, systemUsers } from '../../ecosystems/python/plan.ts';
import { readToml } from '../../project/formats/toml.ts';
import { listOf, objectOf, textOf, valueAt } from '../../project/formats/values.ts';
import { directoryOf, joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { nameSome } from '../../text/name-some.ts';
import type { AnalysisContext } from '../context.ts';
import { lacksGit, type SmallerBaseVerdict } from './smaller-base-verdict.ts';
import { comesAsSources } from './source-packages.ts';

/** Build backends that compile nothing. */
const pureBackend = /build-backend\s*=\s*["'](?:hatchling|flit_core|poetry\.core|uv_build|pdm\.backend)/;

/** What makes setuptools compile. */
const compiledExtension =
  /ext[-_]modules|\bExtension\(|cythonize|pybind11|setuptools[-_]rust|cffi_modules|maturin/i;

/** True where the project itself is installed without compiling, as its backend or its setup says. */
function isPureProject(project: Project, folder: string): boolean {
  const [manifest, setup, settings] = ['pyproject.toml', 'setup.py', 'setup.cfg'].map(
    (name) => project.reader.read(joinPath(folder, name)) ?? '',
  );
  const all = `${manifest}\n${setup}\n${settings}`;
  const isSetuptools = /build-backend\s{0,5}=\s{0,5}["']setuptools/.test(manifest ?? '') || setup !== '';
  return pureBackend.test(manifest ?? '') || (isSetuptools && !compiledExtension.test(all));
}

/** Plugins of build backends that ask Git for the version of the project. */
const versionFromGit =
  /setuptools[-_]scm|setuptools-git-versioning|hatch-vcs|versioningit|versioneer|poetry-dynamic-versioning|\bpbr\b/;

/** The lines of a file of requirements and of those that it names; undefined where one cannot be read. */
function requirementLines(project: Project, path: string, depth = 0): string[] | undefined {
  const lines = project.reader.read(path)?.split('\n');
  const all: string[] = [];
  for (const line of lines ?? []) {
    const other = /^\s*(?:-r|--requirement)[\s=]+([\w./-]+)/.exec(line)?.[1];
    const below =
      other === undefined || depth > 3
        ? [line]
        : requirementLines(project, joinPath(directoryOf(path), other), depth + 1);
    if (below === undefined) {
      return undefined;
    }
    all.push(...below);
  }
  return lines === undefined ? undefined : all;
}

export function pipVerdict(
  { project }: AnalysisContext,
  folder: string | undefined,
  text: string,
  names: readonly string[],
): SmallerBaseVerdict {
  const isProject = names.some((name) => /^\.\/?(?:\[.*\])?$/.test(name));
  const manifest = folder === undefined ? undefined : project.reader.read(joinPath(folder, 'pyproject.toml'));
  if (isProject && versionFromGit.test(manifest ?? '')) {
    return {
      obstacle: {
        code: 'needs-more-than-smaller-base',
        reason: `\`${text}\` takes the version of the project from Git, which it lacks.`,
      },
      assumptions: [],
    };
  }
  if (isProject && (folder === undefined || !isPureProject(project, folder))) {
    return {
      obstacle: {
        code: 'may-compile-at-install',
        reason: `Whether \`${text}\` compiles the project is not known.`,
      },
      assumptions: [],
    };
  }
  const files = names.filter((name) => /\.txt$/.test(name));
  const listed = files.map((name) =>
    folder === undefined ? undefined : requirementLines(project, joinPath(folder, name)),
  );
  if (listed.some((one) => one === undefined)) {
    return {
      obstacle: {
        code: 'may-compile-at-install',
        reason: `Which packages \`${text}\` installs is not known, and one may compile.`,
      },
      assumptions: [],
    };
  }
  const all = [
    ...names.filter((name) => !files.includes(name)),
    ...listed.flatMap((one) => one ?? []),
    ...(isProject
      ? [...(manifest ?? '').matchAll(/["']([A-Za-z][^"'\n]*)/g)].map((match) => match[1] ?? '')
      : []),
  ];
  return verdictOf(all, text);
}

/**
 * Whether what a lock file names can be installed on a smaller image, where a manager installs it; undefined where no lock
 * file tells.
 */
export function lockedVerdict(
  { project }: AnalysisContext,
  folder: string | undefined,
  text: string,
  tool: string,
): SmallerBaseVerdict | undefined {
  const locked = folder === undefined ? undefined : lockedRequirements(project, folder, tool);
  if (folder === undefined || locked === undefined) {
    return undefined;
  }
  const manifest = project.reader.read(joinPath(folder, 'pyproject.toml')) ?? '';
  const isBuilt = tool !== 'pipenv' && /^\[build-system\]/m.test(manifest);
  return isBuilt && (versionFromGit.test(manifest) || !isPureProject(project, folder))
    ? {
        obstacle: {
          code: 'may-compile-at-install',
          reason: `Whether \`${text}\` compiles the project is not known.`,
        },
        assumptions: [],
      }
    : verdictOf(locked, text);
}

/** The packages of a lock file as requirements; undefined where there is none that can be read. */
function lockedRequirements(project: Project, folder: string, tool: string): string[] | undefined {
  const read = (name: string): string | undefined => project.reader.read(joinPath(folder, name));
  if (tool === 'pipenv') {
    return pipfileRequirements(read('Pipfile.lock'));
  }
  const text = ['poetry', 'uv', 'pdm'].includes(tool) ? read(`${tool}.lock`) : undefined;
  const packages = text === undefined ? undefined : readToml(text)?.['package'];
  return packages === undefined
    ? undefined
    : listOf(packages).map((one) => {
        const { name, version, source } = objectOf(one);
        const isGit = textOf(objectOf(source)['type']) === 'git' || objectOf(source)['git'] !== undefined;
        return isGit ? `${textOf(name)} @ git+` : `${textOf(name)}==${textOf(version)}`;
      });
}

function pipfileRequirements(text: string | undefined): string[] | undefined {
  try {
    const lock: unknown = text === undefined ? undefined : JSON.parse(text);
    const packages = valueAt(lock, 'default');
    return packages === undefined
      ? undefined
      : Object.entries(objectOf(packages)).map(([name, one]) =>
          objectOf(one)['git'] === undefined
            ? `${name}${textOf(objectOf(one)['version']) ?? ''}`
            : `${name} @ git+`,
        );
  } catch {
    return undefined;
  }
}

/** Whether requirements can be installed on a smaller image. */
function verdictOf(all: readonly string[], text: string): SmallerBaseVerdict {
  const fromGit = all.find((line) => /^\s*(?:-e\s+)?(?:[\w.[\],-]+\s*@\s*)?git\+/.test(line));
  if (fromGit !== undefined) {
    return lacksGit(text);
  }
  const library = all
    .map((line) => (/^\s*["']?([A-Za-z][\w.-]*)/.exec(line)?.[1] ?? '').toLowerCase().replaceAll('_', '-'))
    .find((name) => Object.hasOwn(pythonLibraries, name) || systemUsers.test(name));
  if (library !== undefined && !all.some(comesAsSources)) {
    return {
      obstacle: {
        code: 'needs-more-than-smaller-base',
        reason: `${library} uses libraries of the system, which it may lack.`,
      },
      assumptions: [],
    };
  }
  const compiled = [
    ...new Set(all.filter(comesAsSources).map((line) => /^[A-Za-z][\w.-]*/.exec(line.trim())?.[0] ?? '')),
  ];
  return compiled.length === 0
    ? { assumptions: ['Every package has a wheel for the platform, so that none is compiled.'] }
    : {
        obstacle: {
          code: 'may-compile-at-install',
          reason: `${nameSome(compiled)} ${compiled.length === 1 ? 'comes' : 'come'} as sources and ${compiled.length === 1 ? 'is' : 'are'} compiled at the install.`,
        },
        assumptions: [],
      };
}
