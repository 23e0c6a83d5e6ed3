import { insertWords } from '../fixes/insert-words.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { allSteps, type Stage, withTriggered } from '../model/dockerfile.ts';
import { operands, type ShellWord } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

/** A package manager that asks. */
interface Asking {
  readonly programs: readonly string[];
  readonly verbs: readonly string[];
  /** What hadolint calls it, for each program. */
  readonly aliases: readonly string[];
  /** Options after which nothing is asked, or nothing done. */
  readonly quiet: RegExp;
}

const managers: readonly Asking[] = [
  {
    programs: ['apt-get', 'apt', 'aptitude'],
    verbs: ['install', 'build-dep'],
    aliases: ['DL3014'],
    quiet:
      /^(?:-(?=[a-zA-Z]*(?:y|qq|s))[a-zA-Z]+|--yes|--assume-yes|--assume-no|-q=[2-9]|--quiet=[2-9]|--simulate|--just-print|--dry-run|--print-uris|.*Assume-Yes.*)$/,
  },
  {
    programs: ['yum', 'dnf', 'tdnf'],
    verbs: ['install', 'in', 'groupinstall', 'localinstall', 'reinstall'],
    aliases: ['DL3030', 'DL3038'],
    quiet: /^(?:-(?=[a-zA-Z]*y)[a-zA-Z]+|--assumeyes|--assumeno|--downloadonly|.*assumeyes=.*)$/,
  },
  {
    programs: ['zypper'],
    verbs: ['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch'],
    aliases: ['DL3034'],
    quiet: /^(?:-(?=[a-zA-Z]*[yn])[a-zA-Z]+|--non-interactive|--no-confirm|--dry-run)$/,
  },
];

export const installAsksForConfirmation: Rule = {
  meta: {
    id: 'install-asks-for-confirmation',
    aliases: ['DL3014', 'DL3030', 'DL3034', 'DL3038'],
    summary: 'A package manager asks before it installs, and nobody answers.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: '`apt-get install`, `yum install`, `dnf install` or `zypper install` without `-y`.',
      why: 'A build has nobody who answers: yum, dnf and zypper give up, and so does apt as soon as a package brings others along.',
      silent:
        'The answer is piped or redirected in; a variable may hold the option; a configuration file of the package manager is written or copied. microdnf never asks.',
      fix: 'Adds `-y`. A build that went well without it does the same with it: safe.',
      bad: { dockerfile: 'FROM fedora:43\nRUN dnf install nginx && dnf clean all\n' },
      good: { dockerfile: 'FROM fedora:43\nRUN dnf install -y nginx && dnf clean all\n' },
      switchOff: 'Where the base image answers for good, by a configuration file of its own.',
      references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of withTriggered(dockerfile.stages)) {
      for (const at of commandSteps(stage)) {
        const { name = '' } = at.command;
        const manager = managers.find(({ programs }) => programs.includes(name));
        const verb = manager === undefined ? undefined : askingVerb(at, manager);
        if (manager === undefined || verb === undefined || isConfigured(stage)) {
          continue;
        }
        const fix = insertWords(at, verb, ['-y']);
        yield {
          message: `${name} ${verb.text} asks before it goes on, and a build has nobody to answer: add -y.`,
          span: at.script.sourceSpan({
            start: at.command.nameWord.span.start,
            end: at.command.nameWord.span.end,
          }),
          aliases:
            name === 'yum'
              ? ['DL3030']
              : name === 'dnf'
                ? ['DL3038']
                : name === 'tdnf'
                  ? []
                  : manager.aliases,
          fixes: fix === undefined ? [] : [{ title: 'Add -y', applicability: 'safe' as const, edits: [fix] }],
        };
      }
    }
  },
};

/** The verb of a command that asks; undefined where it does not, or something may answer. */
function askingVerb({ command, script }: CommandStep, { verbs, quiet }: Asking): ShellWord | undefined {
  const verb = operands(command).find((word) => verbs.includes(word.text));
  const options = command.args.map((word) => word.value ?? word.text);
  const isAnswered =
    command.operator === '|' ||
    command.redirects.some(({ operator }) => operator.startsWith('<')) ||
    options.some((option) => quiet.test(option)) ||
    options.filter((option) => option === '-q' || option === '--quiet').length > 1 ||
    // `yes | (apt-get install …)` and the like.
    /\byes\b[^|;&\n]*\|/.test(script.text);
  const mayHoldOption = command.args.some(
    (word) =>
      word.value === undefined &&
      (word.span.start < (verb?.span.start ?? 0) || /\$\{?\w*(?:opt|arg|flag|yes)/i.test(word.text)),
  );
  return isAnswered || mayHoldOption ? undefined : verb;
}

/** True where the stage writes or copies settings of a package manager, which may answer for good. */
function isConfigured(stage: Stage): boolean {
  return allSteps(stage).some(({ instruction }) =>
    /assume-?yes|\/etc\/(?:apt\/apt\.conf|dnf\/|yum\.conf|yum\/|zypp\/)/i.test(instruction.line.text),
  );
}
