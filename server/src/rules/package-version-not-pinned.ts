import { type CommandStep, commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

/** How the packages of a package manager are named. */
interface Naming {
  readonly programs: readonly string[];
  readonly verbs: readonly string[];
  readonly alias: string;
  /** Options whose value stands behind them as a word of its own. */
  readonly valued: readonly string[];
  /** What has a version, or is none of the registry's packages. */
  readonly pinned: RegExp;
  /** Options with which the versions stand elsewhere. */
  readonly elsewhere?: RegExp;
}

const rpmValued = [
  '--repo',
  '--repoid',
  '--enablerepo',
  '--disablerepo',
  '--installroot',
  '--releasever',
  '-c',
];

/** `name-1.2`, a file, a pattern of a version, a group. */
const rpmPinned = /-\d[\w.~^:+]*(?:-[\w.~^:+]*)?$|\.rpm$|^[@/]|[=<>]/;

const managers: readonly Naming[] = [
  {
    programs: ['apt-get', 'apt', 'aptitude'],
    verbs: ['install'],
    alias: 'DL3008',
    valued: ['-t', '--target-release', '-o', '--option', '-c', '--config-file'],
    pinned: /[=/]|\.deb$|[-+]$/,
  },
  {
    programs: ['apk'],
    verbs: ['add'],
    alias: 'DL3018',
    valued: ['-t', '--virtual', '-X', '--repository', '-p', '--root'],
    pinned: /[=~<>/]|\.apk$|^!/,
  },
  {
    programs: ['pip', 'pip3'],
    verbs: ['install'],
    alias: 'DL3013',
    valued: [
      '-i',
      '--index-url',
      '--extra-index-url',
      '-f',
      '--find-links',
      '-t',
      '--target',
      '-e',
      '--editable',
      '--prefix',
      '--root',
      '--src',
      '--trusted-host',
      '--platform',
      '--python-version',
      '--implementation',
      '--abi',
      '--no-binary',
      '--only-binary',
      '--progress-bar',
      '--proxy',
      '--upgrade-strategy',
      '--root-user-action',
      '--timeout',
      '--retries',
      '--cert',
    ],
    pinned: /[=<>~!@/]|^\.|\.whl$|\.tar\.gz$|\.zip$/,
    elsewhere: /^(?:-r|--requirement|-c|--constraint)/,
  },
  {
    programs: ['npm'],
    verbs: ['install', 'i', 'add'],
    alias: 'DL3016',
    valued: ['--registry', '--loglevel', '--prefix', '-C', '--cache', '--fetch-retries', '--fetch-timeout'],
    pinned: /^.+@|^[./~]|\.tgz$|\.tar(?:\.gz)?$|:\/\/|#/,
  },
  {
    programs: ['gem'],
    verbs: ['install', 'i'],
    alias: 'DL3028',
    valued: [
      '-i',
      '--install-dir',
      '-n',
      '--bindir',
      '-s',
      '--source',
      '-P',
      '--trust-policy',
      '-g',
      '--file',
    ],
    pinned: /:|\.gem$/,
    elsewhere: /^(?:-v|--version|-g|--file)/,
  },
  { programs: ['yum'], verbs: ['install'], alias: 'DL3033', valued: rpmValued, pinned: rpmPinned },
  {
    programs: ['dnf', 'microdnf'],
    verbs: ['install'],
    alias: 'DL3041',
    valued: rpmValued,
    pinned: rpmPinned,
  },
  {
    programs: ['zypper'],
    verbs: ['install', 'in'],
    alias: 'DL3037',
    valued: ['-r', '--repo', '--from', '-t', '--type', '--root', '-R'],
    pinned: /[=<>~/]|\.rpm$/,
  },
];

export const packageVersionNotPinned: Rule = {
  meta: {
    id: 'package-version-not-pinned',
    aliases: ['DL3008', 'DL3013', 'DL3016', 'DL3018', 'DL3028', 'DL3033', 'DL3037', 'DL3041'],
    summary: 'A package is installed in whatever version there is.',
    category: 'correctness',
    severity: 'hint',
    enabled: false,
    fix: 'none',
    unfixed: 'Which version works is known to the project alone.',
    needs: [],
    docs: {
      what: 'apt, apk, pip, npm, gem, yum, dnf or zypper is told the name of a package and no version.',
      why: 'Each build may install another version. A version written down brings the same one, until the distribution removes it: then the build ends, which is why the rule is off by itself.',
      silent:
        'The package is a file, a folder, an address, a variable or a group; a file says the versions (`-r`, `-c`); the shell text was not understood. The rule is off unless it is switched on.',
      bad: { dockerfile: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir flask\n' },
      good: { dockerfile: 'FROM python:3.14-slim\nRUN pip install --no-cache-dir flask==3.1.2\n' },
      switchOff: 'Where security fixes of the distribution are wanted with each build.',
      references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of withTriggered(dockerfile.stages)) {
      for (const at of commandSteps(stage)) {
        const found = unpinned(at);
        if (found !== undefined) {
          const { words, alias } = found;
          const [first] = words;
          const more = words.length > 1 ? ` and ${words.length - 1} more` : '';
          yield {
            message: `No version is given for ${first.text}${more}: each build may install another.`,
            span: at.script.sourceSpan(first.span),
            aliases: [alias],
          };
        }
      }
    }
  },
};

/** The packages of a command that have no version; undefined where there is none. */
function unpinned(at: CommandStep): { words: [ShellWord, ...ShellWord[]]; alias: string } | undefined {
  const command = throughPython(at.command);
  const naming = managers.find(({ programs }) => programs.includes(command.name ?? ''));
  const verb = command.args.findIndex((word) => naming?.verbs.includes(word.text));
  if (naming === undefined || verb < 0 || command.args.some(({ text }) => naming.elsewhere?.test(text))) {
    return undefined;
  }
  // A verb of another kind stands first: `dnf module install`, `npm run install`.
  const isFirst = !command.args
    .slice(0, verb)
    .some(({ text }, i) => !text.startsWith('-') && !naming.valued.includes(command.args[i - 1]?.text ?? ''));
  const [first, ...others] = command.args.slice(verb + 1).filter(({ text, value }, i) => {
    const before = command.args[verb + i]?.text ?? '';
    return (
      value !== undefined &&
      value !== '' &&
      !text.startsWith('-') &&
      !naming.valued.includes(before) &&
      !naming.pinned.test(value)
    );
  });
  return first === undefined || !isFirst ? undefined : { words: [first, ...others], alias: naming.alias };
}

/** `python -m pip …` read as `pip …`, and `pip3.12` as `pip`. */
function throughPython(command: ShellCommand): ShellCommand {
  const { name = '', args } = command;
  if (/^pip[\d.]*$/.test(name)) {
    return { ...command, name: 'pip' };
  }
  const isPip = /^python[\d.]*$/.test(name) && args[0]?.text === '-m' && args[1]?.text === 'pip';
  return isPip ? { ...command, name: 'pip', args: args.slice(2) } : command;
}
