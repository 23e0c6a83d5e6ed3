import { readInstall } from '../../ecosystems/index.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { memoizeFor } from '../../text/memoize.ts';

/** An install of packages that may be compiled on the way, whatever the language. */
export const installsPackages = memoizeFor((command: ShellCommand): boolean => {
  const words = [command.name ?? '', ...command.args.map((word) => word.text)].join(' ');
  return (
    readInstall(command) !== undefined ||
    /^(?:\S*python[\d.]* -m )?(?:pip[\d.]*|pipx?|gem|bundle|cargo|poetry|pipenv|uv|composer|pecl|docker-php-ext-install|go|npm|yarn|pnpm|bun|conda|mamba)\b.*\b(?:install|add|sync|get|i|ci)\b/.test(
      words,
    )
  );
});
