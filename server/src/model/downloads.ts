import { type CommandStep, pathOf } from './commands.ts';

/** The files that a download of `curl` or `wget` stores; only those whose place is known from the words. */
export function storedFiles({ command, directory }: CommandStep): string[] {
  const { args } = command;
  const redirected = command.redirects
    .filter((redirect) => redirect.operator.startsWith('>') && redirect.target !== undefined)
    .flatMap(({ target }) => (target === undefined ? [] : (pathOf(target, directory) ?? [])));
  const urls = args.filter((word) => /^https?:|^ftp:/.test(word.value ?? ''));
  const byName = urls.flatMap((url) => {
    const name = (url.value ?? '').replace(/[?#].*/s, '').replace(/^.*\//, '');
    return pathOf({ ...url, value: name }, directory) ?? [];
  });
  const behind = (option: RegExp): string[] =>
    args.flatMap((word, i) => {
      const next = args[i + 1];
      return option.test(word.text) && next !== undefined ? (pathOf(next, directory) ?? []) : [];
    });
  switch (command.name) {
    case 'curl':
      return [
        ...redirected,
        ...behind(/^-\w*o$|^--output$/),
        ...(args.some((word) => /^-[a-zA-Z]*O|^--remote-name$/.test(word.text)) ? byName : []),
      ];
    case 'wget': {
      const named = behind(/^-\w*O$|^--output-document$/);
      const isNamed = args.some((word) =>
        /^-\w*O|^--output-document|^-\w*P|^--directory-prefix/.test(word.text),
      );
      return [...redirected, ...named, ...(isNamed ? [] : byName)];
    }
    default:
      return [];
  }
}
