import type { PlanSubject, PrivateFile } from '../../ecosystems/runtime-plan.ts';
import { readCopy } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { joinPath, nameOf } from '../../project/paths.ts';

/** A line of settings that names the folder whose files a server serves, as a path that counts from somewhere. */
const servedLine =
  /^[ \t]{0,20}["']?(?:document_?root|doc_?root|web_?root|www_?root|root|static_?(?:dir|root|folder|path)|public_?(?:dir|root|folder))["']?[ \t]{0,20}[=:]?[ \t]{0,20}["']?(\.{1,2}(?:\/[\w./-]{0,100})?|[\w-][\w./-]{0,100})["']?[ \t]{0,20}[;,]?[ \t\r]{0,20}$/gim;

const settingsName = /\.(?:conf|cfg|ini|cnf|properties)$/;

/** Settings of other servers and of tools. */
const otherSettings =
  /^(?:\..*|nginx[\w.-]*\.conf|httpd\.conf|apache[\w.-]*\.conf|supervisord[\w.-]*\.(?:conf|ini)|setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini|gradle\.properties)$/;

/**
 * The folder whose files the program serves, where a settings file beside it names one of the project by a relative
 * path: a program that is told so reads what no source names. Undefined where no file does.
 */
export function servedFolder(
  { project, directory, stage }: PlanSubject,
  dockerfile: Dockerfile,
): PrivateFile | undefined {
  const beside = ['', 'conf', 'config', 'settings', 'etc']
    .map((name) => joinPath(directory, name))
    .flatMap((folder) =>
      (project.reader.list(folder) ?? [])
        .filter(({ kind, name }) => kind === 'file' && settingsName.test(name) && !otherSettings.test(name))
        .map(({ name }) => joinPath(folder, name)),
    );
  const copied = stage.steps.flatMap((step) => {
    const copy = readCopy(step, dockerfile);
    return copy?.from === 'context' ? copy.sources.map((word) => word.value.replace(/^(?:\.\/)+/, '')) : [];
  });
  for (const path of new Set([
    ...copied.filter((one) => settingsName.test(nameOf(one)) && !otherSettings.test(nameOf(one))),
    ...beside,
  ])) {
    const text = project.reader.read(path) ?? '';
    for (const [, named = ''] of text.length > 100_000 ? [] : text.matchAll(servedLine)) {
      const folder = named.replace(/^(?:\.\.?\/)+|(?<!\/)\/+$/g, '').replace(/^\.{1,2}$/, '');
      const isThere =
        folder === ''
          ? /^\.{1,2}\/?$/.test(named)
          : project.reader.list(joinPath(directory, folder)) !== undefined;
      if (isThere) {
        return { path: folder, says: `${path} names ${named} as the folder of what is given out` };
      }
    }
  }
  return undefined;
}
