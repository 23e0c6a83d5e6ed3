import { baseTraits, runningStage } from '../facts/stage.ts';
import { dropEntrypoint } from '../fixes/exec-form.ts';
import { rootBase } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { Rule } from './rule.ts';

/** Interpreters, by the names of their programs: what stands behind them is what they run. */
const interpreters = /^(?:node|python[\d.]*|java|ruby|php|bun|deno|perl)$/;

export const entrypointRepeatedInCommand: Rule = {
  meta: {
    id: 'entrypoint-repeated-in-command',
    aliases: [],
    summary: 'CMD names the program that ENTRYPOINT starts already.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The words of CMD differ from those of ENTRYPOINT, and which of them count is not plain.',
    needs: ['images'],
    docs: {
      what: '`ENTRYPOINT`, the file’s own or that of the base image, is an interpreter (distroless: `/nodejs/bin/node`, `/usr/bin/python3`, `java -jar`), and `CMD` begins with the same one.',
      why: 'The words of `CMD` are arguments of `ENTRYPOINT`: `node node server.js` looks for a module called “node”, and the container ends.',
      silent: 'The entry point of the base image is not known; it is a script that starts what it is given.',
      fix: 'Takes the repeated words out of `CMD`. Where options stand between them (`java -Xmx512m -jar`), `CMD` becomes `ENTRYPOINT`. For review.',
      bad: {
        dockerfile:
          'FROM gcr.io/distroless/nodejs22-debian13:nonroot\nCOPY server.js /app/\nCMD ["node", "/app/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM gcr.io/distroless/nodejs22-debian13:nonroot\nCOPY server.js /app/\nCMD ["/app/server.js"]\n',
      },
      switchOff: 'Never.',
      references: [
        'https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact',
      ],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    const { entrypoint, cmd } = stage === undefined ? {} : startCommand(stage);
    if (stage === undefined || cmd?.form !== 'json' || entrypoint?.form === 'shell') {
      return;
    }
    const words = entrypoint?.words ?? baseTraits(stage, context.images)?.entrypoint ?? [];
    const program = words.find((word) => !/^-|(?:^|\/)(?:tini|dumb-init)$/.test(word));
    const [first, ...rest] = words.slice(words.indexOf(program ?? ''));
    const isPlain = rest.every((word) => word.startsWith('-'));
    const own = cmd.step.instruction.words[0];
    if (
      first === undefined ||
      own === undefined ||
      !isPlain ||
      !interpreters.test(nameOf(first)) ||
      nameOf(first) !== nameOf(own.value)
    ) {
      return;
    }
    const base = rootBase(stage);
    const where = entrypoint === undefined && base.kind === 'image' ? `of ${base.name}` : 'above';
    const fix = dropEntrypoint(context.dockerfile, cmd.step, [first, ...rest]);
    yield {
      message: `The ENTRYPOINT ${where} is ${words.join(' ')} already, and CMD only gives it arguments: it would run \`${[...words, ...cmd.words].join(' ')}\`.`,
      span: own.span,
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

/** The name of a program, without its folder; Python's without its version. */
function nameOf(word: string): string {
  return word.replace(/^.*\//, '').replace(/^python[\d.]*$/, 'python');
}
