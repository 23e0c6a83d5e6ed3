import { memoize } from '../../text/memoize.ts';
import { objectOf, textOf } from './values.ts';
import { elementsBelow, elementsOf, elementText, readXml } from './xml.ts';

/** What Ballast reads of a project file of .NET. */
export interface DotnetProject {
  readonly sdk: string | undefined;
  /** Properties by their names in lower case; of one that is set twice the last. */
  readonly properties: Readonly<Record<string, string>>;
  readonly frameworks: readonly string[];
  /** Paths of other project files, as they are written. */
  readonly references: readonly string[];
  /** Paths of files that are read as a part of this one; those that start with a property are of the SDK. */
  readonly imports: readonly string[];
}

/** Reads the text of a .csproj, .fsproj or .vbproj; undefined where it is no XML with a project. */
export const readDotnetProject = memoize((text): DotnetProject | undefined => {
  const project = readXml(text)?.['Project'];
  if (project === undefined) {
    return undefined;
  }
  const attributes = (element: string, name: string): string[] =>
    elementsBelow(project, element).flatMap((one) => textOf(objectOf(one)[`@${name}`]) ?? []);
  const properties = elementsOf(objectOf(project)['PropertyGroup']).flatMap((group) =>
    Object.entries(objectOf(group)).flatMap(([name, value]): [string, string][] => {
      const set = elementText(elementsOf(value).at(-1));
      return set === undefined ? [] : [[name.toLowerCase(), set]];
    }),
  );
  return {
    sdk: textOf(objectOf(project)['@Sdk']),
    properties: Object.fromEntries(properties),
    frameworks: attributes('FrameworkReference', 'Include'),
    references: attributes('ProjectReference', 'Include'),
    imports: attributes('Import', 'Project'),
  };
}, 50);
