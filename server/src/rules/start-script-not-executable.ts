import { runningStage } from '../facts/stage.ts';
import { otherScripts } from '../facts/start/other-scripts.ts';
import { isExecutable, type StartedScript, startedScripts } from '../facts/start/started-scripts.ts';
import type { Fix } from '../fixes/fix.ts';
import { makeExecutable } from '../fixes/make-executable.ts';
import type { Rule } from './rule.ts';

export const startScriptNotExecutable: Rule = {
  meta: {
    id: 'start-script-not-executable',
    aliases: [],
    summary: 'A script that the container or the build starts may not be executed.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The script does not come by a COPY of this file.',
    needs: ['project'],
    docs: {
      what: '`ENTRYPOINT`, `CMD`, `HEALTHCHECK`, a `RUN`, or the command that a Compose file or manifest gives the container starts a script of the project by its name, and neither the file, nor `COPY --chmod`, nor a later `chmod` makes it executable. A script that a `COPY` with a heredoc writes is never executable by itself.',
      why: 'The container, each probe or the build ends at once with “permission denied”.',
      silent:
        'A shell is given the script (`sh start.sh`); a later `RUN` may change the mode; the script is not found among the copied files; a `RUN` has a mount, or copes with a failure behind `||`; on Windows, where a build makes every file executable.',
      fix: 'Adds `--chmod=755` to the `COPY` that brings the script alone, else a `RUN chmod +x` behind the one that brings it among others. `git update-index --chmod=+x FILE` does it for everybody who builds. For review.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nCOPY <<EOF /start.sh\n#!/bin/sh\nexec sleep 60\nEOF\nUSER 1000\nENTRYPOINT ["/start.sh"]\n',
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nCOPY --chmod=755 <<EOF /start.sh\n#!/bin/sh\nexec sleep 60\nEOF\nUSER 1000\nENTRYPOINT ["/start.sh"]\n',
      },
      switchOff: 'Never, as long as the container starts the script itself.',
      references: ['https://docs.docker.com/reference/dockerfile/#copy---chown---chmod'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    const started = (stage === undefined ? [] : startedScripts(context, stage)).map((script) => ({
      ...script,
      outcome: 'the container ends',
    }));
    const seen = new Set<string>();
    for (const script of [...started, ...otherScripts(context)]) {
      const name = nameOf(script);
      if (seen.has(name) || isExecutable(context, script) !== false) {
        continue;
      }
      seen.add(name);
      const fix = makeExecutable(context.dockerfile, script.file, script.path);
      const advice = fix === undefined ? ` \`git update-index --chmod=+x ${name}\` sets it.` : '';
      yield {
        message: `${name} has no executable bit, and nothing sets one: ${script.outcome} with “permission denied”.${advice}`,
        span: script.span,
        fixes: fixesOf(fix),
      };
    }
  },
};

function nameOf({ file, word }: StartedScript): string {
  return file.path ?? word;
}

function fixesOf(fix: Fix | undefined): Fix[] {
  return fix === undefined ? [] : [fix];
}
