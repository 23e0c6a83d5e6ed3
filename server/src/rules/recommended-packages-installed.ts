import { hasOtherSource, leavesRecommendedOut } from '../distros/apt-settings.ts';
import { noWeight, weighRecommends } from '../distros/apt-weight.ts';
import {
  type NeededRecommend,
  neededRecommends,
  unreadRequirements,
} from '../facts/needs/needed-recommends.ts';
import { baseTraits, isDevContainer } from '../facts/stage.ts';
import { startedPrograms, startedScripts } from '../facts/start/started-scripts.ts';
import type { Fix } from '../fixes/fix.ts';
import { insertWordBefore, insertWords } from '../fixes/insert-words.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { lineage, withTriggered } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import { formatBytes } from '../sizes/size.ts';
import { hasOption, operands, type ShellCommand, type ShellWord } from '../syntax/shell/script.ts';
import { sortEdits } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

/** Programs that fetch over https and only recommend the certificates for it, as do what installs them. */
const httpsClients = /^(?:curl|wget|git|git-core|libcurl[34][^\s=]*|opam|aria2)(?:=.*)?$/;

/** A difference below this many bytes is only a hint. */
const worthWarning = 10_000_000;

export const recommendedPackagesInstalled: Rule = {
  meta: {
    id: 'recommended-packages-installed',
    aliases: ['DL3015'],
    summary: 'apt installs recommended packages that nobody asked for.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'The call has no plain place for the option, or what the build needs of the recommended packages is not known.',
    needs: [],
    docs: {
      what: '`apt-get install` in the stage that ships has no `--no-install-recommends`, so that apt adds every package that another one recommends.',
      why: 'Recommended packages are meant for desktops: documentation, compilers, mail servers. `python3-pip` brings 468 MB with them and 39 MB without (Debian 12).',
      silent:
        'The stage does not ship; a configuration file or an earlier command switches recommended packages off; the shell text was not understood. Below 10 MB, or where the weight is not known, it is only a hint.',
      fix: 'Adds `--no-install-recommends`, and `ca-certificates` where curl, wget or git is installed and nothing else brings it: they only recommend what https needs; and what else this build needs although it is only recommended: make or Ninja for CMake, the headers of the C library for gcc, automake for autoreconf, a compiler for what pip compiles; scripts that the container starts are read for that as well, and where one cannot be found, the fix is for a human. A program may rely on another recommended package: for review.',
      bad: {
        dockerfile:
          'FROM debian:12-slim\nRUN apt-get update && apt-get install -y python3-pip && rm -rf /var/lib/apt/lists/*\n',
      },
      good: {
        dockerfile:
          'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*\n',
      },
      switchOff: 'Where the recommended packages are wanted.',
      references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context)) {
      return;
    }
    const scripts = startedScripts(context, final);
    const started = scripts.flatMap(({ file }) => context.shell.parse(file.text).commands);
    const unread = scripts.length > 0 ? undefined : startedPrograms(context, final).find(isScript)?.word;
    for (const stage of withTriggered(lineage(final))) {
      const steps = commandSteps(stage);
      const traits = baseTraits(stage, context.images);
      // The full variants of language images have most of what is recommended: their figures would be too high.
      const isOther = hasOtherSource(stage) || traits?.tools?.includes('gcc') === true;
      // A line such as `APT::Install-Recommends "false"` somewhere above switches them off for good.
      if (leavesRecommendedOut(stage)) {
        continue;
      }
      for (const at of steps) {
        const verb = installVerb(at.command);
        if (verb === undefined || hasOption(at.command, '--no-install-recommends', '--download-only', '-d')) {
          continue;
        }
        const names = operands(at.command)
          .slice(1)
          .flatMap((word) => (word.value === undefined || word.value.includes('/') ? [] : [word.value]));
        const { added, heaviest } = isOther ? noWeight : weighRecommends(names, traits?.distribution);
        const isHeavy = added.kind === 'known' && added.low >= worthWarning;
        const about = added.kind === 'known' && added.basis === 'estimated' ? '≈ ' : '';
        const needed = neededRecommends(context, at, stage, started);
        const client =
          traits?.tools?.includes('curl') === true || installsPackage(stage, 'ca-certificates')
            ? undefined
            : operands(at.command).find((word) => httpsClients.test(word.value ?? ''));
        yield {
          message:
            heaviest !== undefined && isHeavy
              ? `Recommended packages of ${heaviest.name} add ${about}${formatBytes(heaviest.with - heaviest.without)} (${formatBytes(heaviest.with)} instead of ${formatBytes(heaviest.without)}${about === '' ? '' : ' on Debian 12'}).`
              : 'apt also installs the packages that these recommend.',
          span: at.script.sourceSpan(span(at.command.nameWord.span.start, verb.span.end)),
          ...(added.kind === 'known' && added.low > 0 ? { saving: added } : {}),
          ...(isHeavy ? {} : { severity: 'hint' as const }),
          fixes: fixFor(at, verb, client, needed, unread ?? unreadRequirements(context, at, stage)),
        };
      }
    }
  },
};

function installVerb(command: ShellCommand): ShellCommand['args'][number] | undefined {
  if (!['apt-get', 'apt', 'aptitude'].includes(command.name ?? '')) {
    return undefined;
  }
  const verb = operands(command)[0];
  return verb?.text === 'install' ? verb : undefined;
}

/** True for a program that is a script by its name. */
function isScript({ word }: { readonly word: string }): boolean {
  return /\.(?:sh|bash)$/.test(word);
}

/** Leaves recommended packages out, and names those that this build needs. */
function fixFor(
  at: CommandStep,
  verb: ShellWord,
  client: ShellWord | undefined,
  needed: readonly NeededRecommend[],
  unread: string | undefined,
): Fix[] {
  const option = insertWords(at, verb, ['--no-install-recommends']);
  const certificates = client === undefined ? undefined : insertWordBefore(at, client, 'ca-certificates');
  const behind = needed.map(({ word, packages }) => insertWords(at, word, packages));
  const edits = [option, ...(client === undefined ? [] : [certificates]), ...behind];
  const names = [
    ...(client === undefined ? [] : ['ca-certificates']),
    ...needed.flatMap((one) => one.packages),
  ];
  const reasons = [
    ...(client === undefined ? [] : [`${client.text} cannot use https`]),
    ...needed.map((one) => one.without),
  ];
  return edits.every((edit) => edit !== undefined)
    ? [
        {
          title: 'Add --no-install-recommends',
          applicability: unread === undefined ? 'review' : 'manual',
          edits: sortEdits(edits),
          assumptions: [
            ...(unread === undefined
              ? []
              : [
                  `Not certain: ${unread} was not found in the project, and may need what is only recommended.`,
                ]),
            names.length === 0
              ? 'Nothing relies on a package that is only recommended.'
              : `Of the recommended packages only ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} needed, without which ${reasons.join(', and ')}.`,
          ],
        },
      ]
    : [];
}
