import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { precedingComments } from '../syntax/comments.ts';
import type { DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const descriptionWithoutName: Rule = {
  meta: {
    id: 'description-without-name',
    aliases: ['InvalidDefinitionDescription'],
    isBuildCheck: true,
    summary: 'A comment above ARG or FROM does not start with the name it describes.',
    category: 'correctness',
    severity: 'hint',
    enabled: false,
    fix: 'always',
    readsComments: true,
    needs: [],
    docs: {
      what: 'The comment above an `ARG`, or above a `FROM` with a name, starts with another word than that name.',
      why: '`docker build --call=outline` shows comments of the form `# name description` as the description of arguments and stages. Other comments it leaves out.',
      silent:
        'An empty comment line stands between. Off unless `# check=experimental=InvalidDefinitionDescription` at the head of the file, or a setting, switches it on: to BuildKit it is an experiment.',
      fix: 'Puts an empty comment line between, so that the comment is no description. For review: it may have been meant as one, and then lacks the name.',
      bad: {
        dockerfile: '# check=experimental=all\nFROM scratch AS base\n# The version to build\nARG VERSION\n',
      },
      good: {
        dockerfile:
          '# check=experimental=all\nFROM scratch AS base\n# VERSION is what is built\nARG VERSION\n',
      },
      switchOff: 'It is off.',
      references: ['https://docs.docker.com/reference/build-checks/invalid-definition-description/'],
    },
  },

  *check({ dockerfile: { syntax } }) {
    for (const instruction of syntax.instructions) {
      const names = namesOf(instruction);
      const comment = precedingComments(syntax, instruction).at(-1);
      const [name] = names;
      if (
        comment === undefined ||
        name === undefined ||
        names.includes(comment.text.split(' ', 1)[0] ?? '')
      ) {
        continue;
      }
      yield {
        message:
          names.length === 1
            ? `This comment describes ${name} only when it starts with that name.`
            : 'This comment describes an argument only when it starts with its name.',
        span: comment.span,
        fixes: [parted(syntax, instruction)],
      };
    }
  },
};

function namesOf(instruction: Instruction): readonly string[] {
  if (instruction.keyword === 'ARG') {
    return instruction.pairs.map((pair) => pair.name);
  }
  const name = instruction.keyword === 'FROM' ? instruction.words[2]?.value.toLowerCase() : undefined;
  return name === undefined ? [] : [name];
}

/** BuildKit takes a comment for a description only when nothing stands between. */
function parted(syntax: DockerfileSyntax, instruction: Instruction): Fix {
  return {
    title: 'Put an empty comment line between',
    applicability: 'review',
    edits: [new Layout(syntax).insertRightBefore(instruction, ['#'])],
  };
}
