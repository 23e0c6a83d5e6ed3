import type { Command, Option } from 'commander';
import { rules } from '../rules/index.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

/** What a shell completes behind a command. */
interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** Words that an argument may be; for the others files are completed. */
  readonly words: readonly string[];
}

/** A script for a shell, made of the commands and options that there are. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = program.commands.map((command): Completed => {
    const words =
      command.name() === 'explain'
        ? rules.map(({ meta }) => meta.id)
        : command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
    return {
      name: command.name(),
      description: command.description(),
      options: command.options.filter(({ hidden }) => !hidden),
      words,
    };
  });
  return shell === 'fish' ? fish(commands) : bash(commands, shell === 'zsh');
}

function flagsOf(options: readonly Option[]): string[] {
  return options.flatMap(({ short, long }) => [short, long].filter((flag) => flag !== undefined));
}

function bash(commands: readonly Completed[], isZsh: boolean): string {
  const cases = commands.map(({ name, options, words }) => {
    const choices = options
      .filter(({ argChoices }) => argChoices !== undefined)
      .map(({ short, long, argChoices }) => {
        const flags = [short, long].filter((flag) => flag !== undefined).join('|');
        return `        ${flags}) COMPREPLY=($(compgen -W "${argChoices?.join(' ')}" -- "$word")); return ;;\n`;
      });
    return `    ${name})
      case "$before" in
${choices.join('')}      esac
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "${[...flagsOf(options), '--help'].join(' ')}" -- "$word"))
      else
        COMPREPLY=($(compgen ${words.length > 0 ? `-W "${words.join(' ')}"` : '-f'} -- "$word"))
      fi ;;
`;
  });
  return `${isZsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_ballast() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), 'help', '--help', '--version', '--offline'].join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('')}    help) COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word")) ;;
  esac
}
complete -o filenames -F _ballast ballast
`;
}

function fish(commands: readonly Completed[]): string {
  const quote = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = commands.flatMap(({ name, description, options, words }) => [
    `complete -c ballast -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
    ...options.map(({ short, long, description: about, argChoices, required }) =>
      [
        `complete -c ballast -n '__fish_seen_subcommand_from ${name}'`,
        ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
        ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
        ...(required ? ['-r'] : []),
        ...(argChoices === undefined ? [] : [`-f -a ${quote(argChoices.join(' '))}`]),
        `-d ${quote(about)}`,
      ].join(' '),
    ),
    ...(words.length === 0
      ? []
      : [`complete -c ballast -n '__fish_seen_subcommand_from ${name}' -f -a ${quote(words.join(' '))}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
