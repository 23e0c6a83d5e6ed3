import { commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import type { Rule } from './rule.ts';

export const curlAndWget: Rule = {
  meta: {
    id: 'curl-and-wget',
    aliases: ['DL4001'],
    summary: 'A stage calls both curl and wget.',
    category: 'size',
    severity: 'hint',
    enabled: false,
    fix: 'none',
    unfixed: 'Which of the two is to stay is for the project to say.',
    needs: [],
    docs: {
      what: 'The commands of a stage call both `curl` and `wget`.',
      why: 'One of them does: the other is another package to install, with the libraries that it brings.',
      silent: 'The shell text was not understood. The rule is off unless it is switched on.',
      bad: {
        dockerfile:
          'FROM buildpack-deps:trixie\nRUN curl -fsSO https://example.com/a\nRUN wget -q https://example.com/b\n',
      },
      good: {
        dockerfile:
          'FROM buildpack-deps:trixie\nRUN curl -fsSO https://example.com/a\nRUN curl -fsSO https://example.com/b\n',
      },
      switchOff: 'Where the base image has both.',
      references: [
        'https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages',
      ],
    },
  },

  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const called = withTriggered([stage])
        .flatMap(commandSteps)
        .filter(({ command }) => ['curl', 'wget'].includes(command.name ?? ''));
      const [first] = called;
      const other = called.find(({ command }) => command.name !== first?.command.name);
      if (first !== undefined && other !== undefined) {
        yield {
          message: `This stage calls ${first.command.name} as well: one of the two is enough.`,
          span: other.script.sourceSpan(other.command.nameWord.span),
          related: [
            { span: first.script.sourceSpan(first.command.nameWord.span), message: 'The other program' },
          ],
        };
      }
    }
  },
};
