import { isDevContainer } from '../facts/stage.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import type { Rule } from './rule.ts';

export const downloadPipedToShell: Rule = {
  meta: {
    id: 'download-piped-to-shell',
    aliases: [],
    summary: 'A downloaded script is run without a look at it.',
    category: 'hardening',
    severity: 'information',
    enabled: true,
    fix: 'none',
    unfixed: 'Which digest the script should have is known to nobody but its publisher.',
    needs: [],
    docs: {
      what: 'A `RUN` pipes what curl or wget fetches straight into a shell or an interpreter.',
      why: 'Whoever controls the server, or the connection, runs commands as root in the build. The script may be another one at the next build, and a download that breaks off runs half of it.',
      silent: 'The script is stored first, or checked against a sum.',
      bad: { dockerfile: 'FROM debian:13-slim\nRUN curl -fsSL https://example.com/install.sh | sh\n' },
      good: {
        dockerfile:
          'FROM debian:13-slim\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/install.sh /tmp/install.sh\nRUN sh /tmp/install.sh\n',
      },
      switchOff: 'Where the source is your own.',
      references: ['https://docs.docker.com/reference/dockerfile/#add---checksum'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of withTriggered(context.dockerfile.stages)) {
      const steps = commandSteps(stage);
      for (const [i, at] of steps.entries()) {
        const source = steps[i - 1];
        if (at.command.operator === '|' && source?.step === at.step && isDownload(source) && runsInput(at)) {
          yield {
            message: `What ${source.command.name} fetches is run unseen: it may be another script at the next build.`,
            span: at.script.sourceSpan(at.command.nameWord.span),
          };
        }
      }
    }
  },
};

function isDownload({ command }: CommandStep): boolean {
  return command.name === 'curl' || command.name === 'wget';
}

/** A shell or interpreter that reads its script from the pipe: no script file and no `-c` among its words. */
function runsInput({ command }: CommandStep): boolean {
  const isInterpreter = [
    'sh',
    'bash',
    'ash',
    'dash',
    'zsh',
    'python',
    'python3',
    'perl',
    'ruby',
    'node',
    'php',
  ];
  const words = command.args.map((word) => word.text);
  return (
    isInterpreter.includes(command.name ?? '') &&
    !words.includes('-c') &&
    !words.includes('-m') &&
    (words.includes('-s') || words.every((word) => word.startsWith('-')))
  );
}
