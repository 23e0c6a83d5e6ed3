import { memoize } from '../../text/memoize.ts';
import { table } from '../../text/table.ts';
import { objectOf, valueAt } from './values.ts';
import { elementsBelow, elementsOf, elementText, readXml } from './xml.ts';

/** What Ballast reads of a pom.xml. */
export interface Pom {
  readonly parent: { readonly artifactId: string | undefined; readonly version: string | undefined };
  readonly artifactId: string | undefined;
  readonly version: string | undefined;
  readonly packaging: string | undefined;
  readonly finalName: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** Group and artifact of everything that is named anywhere: dependencies, plugins, the parent. */
  readonly names: readonly string[];
  /** The number of its own dependencies that are there when the program runs. */
  readonly runTimeDependencies: number;
  readonly hasModules: boolean;
  /** The files of the project that it names: a parent elsewhere, jars that are checked in, repositories. */
  readonly namesFiles: boolean;
  /** The texts of elements of a name at any depth, outside of profiles. */
  textsOf(name: string): readonly string[];
  /** True for an element of a name at any depth of the build, outside of profiles. */
  buildHas(...names: readonly string[]): boolean;
}

/** Reads the text of a pom.xml; undefined where it is no XML with a project. */
export const readPom = memoize((text): Pom | undefined => {
  const document = readXml(text);
  if (document?.['project'] === undefined) {
    return undefined;
  }
  const { profiles: _, reporting: __, ...project } = objectOf(document['project']);
  const own = (...path: readonly string[]): string | undefined => elementText(valueAt(project, ...path));
  const dependencies = elementsOf(valueAt(project, 'dependencies', 'dependency')).map(objectOf);
  const relative = own('parent', 'relativePath');
  return {
    parent: { artifactId: own('parent', 'artifactId'), version: own('parent', 'version') },
    artifactId: own('artifactId'),
    version: own('version') ?? own('parent', 'version'),
    packaging: own('packaging'),
    finalName: own('build', 'finalName'),
    properties: table(
      Object.fromEntries(
        Object.entries(objectOf(project['properties'])).flatMap(([name, value]) => {
          const set = elementText(value);
          return set === undefined ? [] : [[name, set]];
        }),
      ),
    ),
    names: elementsBelow(document, 'artifactId', 'groupId').flatMap((one) => elementText(one) ?? []),
    runTimeDependencies: dependencies.filter(
      (one) =>
        !['test', 'provided'].includes(elementText(one['scope']) ?? '') &&
        elementText(one['optional']) !== 'true',
    ).length,
    hasModules: document['project'] !== undefined && elementsBelow(document, 'modules').length > 0,
    namesFiles:
      relative !== undefined ||
      elementsBelow(document, 'systemPath').length > 0 ||
      elementsBelow(document, 'url').some((one) => elementText(one)?.startsWith('file:') === true),
    textsOf: (name) => elementsBelow(project, name).flatMap((one) => elementText(one) ?? []),
    buildHas: (...names) => elementsBelow(project['build'], ...names).length > 0,
  };
}, 50);
