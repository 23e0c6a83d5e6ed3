import { baseName, baseTraits, effectiveUser, isRoot, runningStage } from '../facts/stage.ts';
import { startScript } from '../facts/start/needs-root.ts';
import { addFinalCommand, type FinalCommand } from '../fixes/final-command.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { rootBase } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { Rule } from './rule.ts';

export const packageManagerInFinalStage: Rule = {
  meta: {
    id: 'package-manager-in-final-stage',
    aliases: [],
    summary: 'The image that ships holds a package manager.',
    category: 'hardening',
    severity: 'hint',
    enabled: false,
    fix: 'sometimes',
    unfixed: 'The start script could not be read, or the container is not root behind the last step.',
    needs: ['images'],
    docs: {
      what: 'The stage that ships starts from an image with a package manager (apt, apk, npm, pip), and none of its commands takes it away.',
      why: 'Whoever breaks into the container finds a tool that fetches and installs more. Scanners report what the manager itself carries: npm brings some two hundred packages of its own.',
      silent:
        'It is off unless it is switched on. The base image is not known or has no package manager; the start command uses it; a command takes it away.',
      fix: 'Takes the manager away in a RUN of its own behind the last step that writes. That saves no byte, because the layers below keep it; it only takes the tool out of the container’s reach. A distroless image does both. None is offered where the start script cannot be read, and where the container is not root behind the last step. For review: images that start from this one can install nothing.',
      bad: {
        dockerfile: 'FROM node:24-alpine\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM gcr.io/distroless/nodejs24-debian13:nonroot\nWORKDIR /app\nCOPY . .\nCMD ["server.js"]\n',
      },
      switchOff: 'It is off by itself: most images are better served by a smaller base.',
      references: ['https://github.com/GoogleContainerTools/distroless'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    const traits = stage === undefined ? undefined : baseTraits(stage, context.images);
    if (stage === undefined || traits === undefined || rootBase(stage).kind !== 'image') {
      return;
    }
    const text = stage.steps.map((step) => step.instruction.line.text).join('\n');
    const start = startCommand(stage).words.map(baseName);
    const left = managersOf(traits).filter(
      ({ names, gone }) => !gone.test(text) && !start.some((word) => names.includes(word)),
    );
    if (left.length === 0) {
      return;
    }
    const script = startScript(context, stage);
    const isHidden = script !== undefined && script.text === undefined;
    const user = effectiveUser(stage, context.images);
    const command: FinalCommand = {
      commands: left.map((one) => one.removal),
      endsAsRoot: user !== undefined && isRoot(user),
    };
    const names = left.map((one) => one.names[0]).join(' and ');
    const fix = isHidden ? undefined : addFinalCommand(context.dockerfile, stage, `Remove ${names}`, command);
    yield {
      message: `${names} ${left.length === 1 ? 'stays' : 'stay'} in the image, where an intruder finds ${left.length === 1 ? 'it' : 'them'}. Removing ${left.length === 1 ? 'it' : 'them'} saves no byte: the layers below keep what they hold.`,
      span: stage.imageSpan,
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

interface Manager {
  /** The programs that come with it, its own name first. */
  readonly names: readonly string[];
  /** What a command says that takes it away. */
  readonly gone: RegExp;
  readonly removal: string;
}

/** The package managers of an image that can be taken away without harm to what runs. */
function managersOf(traits: ImageTraits): Manager[] {
  const managers: Manager[] = [];
  if (traits.family === 'node' && traits.tools?.includes('npm') === true) {
    managers.push({
      names: ['npm', 'npx', 'yarn', 'pnpm', 'corepack'],
      gone: /\brm\b[^\n]*(?:node_modules\/npm|\/bin\/npm|lib\/node_modules)/,
      removal:
        'rm -rf /opt/yarn* /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/corepack /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn /usr/local/bin/yarnpkg /usr/local/bin/corepack',
    });
  }
  if (traits.family === 'python' && traits.tools?.includes('pip') === true) {
    managers.push({
      names: ['pip', 'pip3'],
      gone: /\bpip3? uninstall\b[^\n]*\bpip\b/,
      removal: 'python -m pip uninstall -y --root-user-action=ignore pip',
    });
  }
  if (traits.packageManager === 'apk') {
    managers.push({
      names: ['apk'],
      gone: /\bapk\b[^\n]*\bdel\b[^\n]*\bapk-tools\b/,
      removal: 'apk --purge del apk-tools',
    });
  }
  if (traits.packageManager === 'apt') {
    managers.push({
      names: ['apt', 'apt-get'],
      gone: /\b(?:purge|remove|dpkg)\b[^\n]*\bapt\b/,
      removal: 'dpkg --purge --force-remove-essential --force-remove-protected apt',
    });
  }
  return managers;
}
