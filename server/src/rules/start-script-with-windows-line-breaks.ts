import { runningStage } from '../facts/stage.ts';
import { shellScripts, startedScripts } from '../facts/start/started-scripts.ts';
import type { Rule } from './rule.ts';

export const startScriptWithWindowsLineBreaks: Rule = {
  meta: {
    id: 'start-script-with-windows-line-breaks',
    aliases: [],
    summary: 'The script that starts the container has Windows line breaks.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The script is not among the files that may be written.',
    needs: ['project'],
    docs: {
      what: '`ENTRYPOINT` or `CMD` starts a script whose first line ends with a carriage return (CRLF), or has a shell read one with such lines (`sh start.sh`).',
      why: 'The kernel looks for an interpreter whose name ends with the carriage return: the container ends with “no such file or directory”, though the file is there.',
      silent:
        'A `RUN` behind the copy takes the carriage returns out (`dos2unix`, `sed`, `tr`); the script has no `#!` line; it is not found among the copied files.',
      fix: 'Writes the script with line breaks of Unix. A line such as `*.sh text eol=lf` in .gitattributes keeps Git from changing them back. For review.',
      bad: {
        dockerfile: 'FROM debian:13-slim\nCOPY start.sh /\nUSER 1000\nENTRYPOINT ["/start.sh"]\n',
        files: { 'start.sh': '#!/bin/sh\r\nexec sleep 60\r\n' },
      },
      good: {
        dockerfile: 'FROM debian:13-slim\nCOPY start.sh /\nUSER 1000\nENTRYPOINT ["/start.sh"]\n',
        files: { 'start.sh': '#!/bin/sh\nexec sleep 60\n' },
      },
      switchOff: 'Never.',
      references: ['https://git-scm.com/docs/gitattributes#_eol'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined) {
      return;
    }
    const read = shellScripts(context, stage);
    for (const { file, span, word } of [...startedScripts(context, stage), ...read]) {
      const isRead = read.some((one) => one.file === file);
      const takesOut = file.runsBehind.some(
        ({ step }) =>
          step.script === undefined || /dos2unix|fromdos|\\r|\^M|\\015/.test(step.instruction.line.text),
      );
      const isBroken = isRead ? hasWindowsCommands(file.text) : /^#![^\n]*\r\n/.test(file.text);
      if (isBroken && !takesOut && file.path !== undefined) {
        const effect = isRead
          ? 'the shell takes each carriage return for a part of the word in front of it, and the script fails'
          : `the kernel looks for an interpreter whose name ends with a carriage return, and ${word} does not start`;
        yield {
          message: `${file.path} has Windows line breaks (CRLF): ${effect}.`,
          span,
          fixes: [
            {
              title: `Write ${file.path} with line breaks of Unix`,
              applicability: 'review',
              edits: [],
              files: [{ path: file.path, before: file.text, after: file.text.replaceAll('\r\n', '\n') }],
              assumptions: [
                'Git does not change the line breaks back: `*.sh text eol=lf` in .gitattributes sees to that.',
              ],
            },
          ],
        };
      }
    }
  },
};

/** True where every line ends with a carriage return, and one of them holds a command. */
function hasWindowsCommands(text: string): boolean {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.every((line) => line.endsWith('\r')) && lines.some((line) => /^[^#\r]/.test(line));
}
