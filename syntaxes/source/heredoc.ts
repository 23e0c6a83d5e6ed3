import { never, type Rule, scopes, use } from './grammar.ts';
import { bodyScope, type Language, languages, shell } from './languages.ts';

type Instruction = 'run' | 'copy';

/** So many heredocs of one instruction are told apart; one in a thousand instructions with heredocs has more than one. */
const mostHeredocs = 3;

/** Outside of quotes, the words of a line up to the start of any later word; every step eats exactly one blank. */
const words = '(?:(?>(?:[^\\s"\'\\\\]|"(?:[^"\\\\]|\\\\.)*"|\'[^\']*\'|\\\\.)*)[ \\t])*?';
const operator = '\\d*<<-?[ \\t]*(?:"[^"<]+"|\'[^\'<]+\'|\\\\?[^\\s"\'<>()|;&\\\\]+)';
/** Groups: 1 the hyphen of `<<-`, 2 to 4 the delimiter in one of its spellings. */
const operatorWithGroups = '\\d*<<(-?)[ \\t]*(?:"([^"<]+)"|\'([^\'<]+)\'|\\\\?([^\\s"\'<>()|;&\\\\]+))';
/** `(?!\1)` never holds where group 1 is empty, so tabs are allowed in front for `<<-` alone. */
const delimiter = '(?:(?!\\1)\\t+)?\\2\\3\\4$';

/**
 * Tells the operators' line from the lines of a body, where the `while` region sets `\G` to the line's start: the former
 * is entered behind its first character, or starts with an operator.
 */
const operatorsLine = '(?:\\G(?!^)|^(?=\\d*<<))';
const bodyLine = '^(?!\\d*<<)';

/** The text up to the next operator, and the part of it that belongs to the same command. */
const upToOperator = '(?:[^<\\n]|<(?!<))*';
const sameCommand = '(?:[^<\\n;&|]|<(?!<))*';

/**
 * Heredocs as BuildKit reads them: the operator stands at the start of a word of the logical line, the bodies follow that
 * line in the order of the operators, and a body ends at a line that is exactly the delimiter (after leading tabs for
 * `<<-`).
 *
 * A rule cannot look back at the command in front of the operator, and a grammar embedded in the body must not be able to
 * swallow the delimiter. So all regions open, one inside the other, at the start of the line that holds the operators,
 * each with a look at the line ahead:
 *
 * 1. `heredoc-N…` knows the delimiter of the last of N heredocs and colours the line that holds it;
 * 2. a `while` region drops everything inside as soon as that line is reached, whatever the embedded grammar left open;
 * 3. a region per language, chosen by what the line says, holds the bodies: first that of the heredocs before this one
 *    (again from 1, with N - 1), then that of this one.
 */
export const heredocRules: Readonly<Record<string, Rule>> = {
  'heredoc-line': {
    begin: operatorsLine,
    end: '\\n',
    name: 'meta.heredoc-line.dockerfile',
    patterns: [use('heredoc-operator'), use('arguments')],
  },
  'heredoc-operator': {
    match: '(?<!\\S)(\\d*)(<<-?)[ \\t]*(?:(["\'])([^"\'<]+)(\\3)|(\\\\?[^\\s"\'<>()|;&\\\\]+))',
    captures: scopes(
      'constant.numeric.file-descriptor.dockerfile',
      'keyword.operator.heredoc.dockerfile',
      'punctuation.definition.heredoc-token.begin.dockerfile',
      'keyword.control.heredoc-token.dockerfile',
      'punctuation.definition.heredoc-token.end.dockerfile',
      'keyword.control.heredoc-token.dockerfile',
    ),
  },
  'heredoc-shebang': { patterns: languages.flatMap(shebangBody) },
  'heredoc-text': {
    begin: bodyLine,
    end: never,
    name: 'string.unquoted.heredoc.dockerfile',
    patterns: [use('variable')],
  },
  'heredoc-verbatim': { begin: bodyLine, end: never, name: 'string.unquoted.heredoc.dockerfile' },
  ...Object.fromEntries(languages.map((language) => [bodyName(language), body(language, bodyLine)])),
  ...heredocsOf('run'),
  ...heredocsOf('copy'),
};

function heredocsOf(instruction: Instruction): Record<string, Rule> {
  const rules: Record<string, Rule> = {
    // A line that continues the instruction gives its indentation or first character away, see `operatorsLine`.
    [`heredocs-${instruction}`]: {
      patterns: countdown(mostHeredocs).map((count) =>
        heredocs(instruction, count, `(?:${operatorsLine}|^[ \\t]+|^[\\w&|;(){}!./-])`),
      ),
    },
  };
  for (const count of countdown(mostHeredocs)) {
    if (count < mostHeredocs) {
      rules[`heredocs-${instruction}-${count}`] = heredocs(instruction, count, operatorsLine);
    }
    rules[`heredoc-bodies-${instruction}-${count}`] = { patterns: bodies(instruction, count) };
  }
  return rules;
}

function countdown(from: number): number[] {
  return Array.from({ length: from }, (_, index) => from - index);
}

/** The region of `count` heredocs, from the start of the operators' line to the last one's delimiter. */
function heredocs(instruction: Instruction, count: number, start: string): Rule {
  const earlier = `${words}${operator}[ \\t]+`.repeat(count - 1);
  const ahead = `(?=${earlier}${words}${operatorWithGroups}(?:[ \\t]|$))`;
  return {
    begin: `${start}${ahead}`,
    end: `^(${delimiter})`,
    endCaptures: scopes('keyword.control.heredoc-token.dockerfile'),
    patterns: [
      {
        begin: `\\G${ahead}`,
        while: `^(?!${delimiter})`,
        name: 'meta.heredoc.dockerfile',
        patterns: [use(`heredoc-bodies-${instruction}-${count}`)],
      },
    ],
  };
}

/** The bodies of the first `nth` heredocs of a line; a region per language that the last of them may have. */
function bodies(instruction: Instruction, nth: number): Rule[] {
  const before = nth === 1 ? use('heredoc-line') : use(`heredocs-${instruction}-${nth - 1}`);
  return choices(instruction, nth).map(([condition, own]) => ({
    begin: `\\G(?=${condition})`,
    end: never,
    patterns: [before, ...own],
  }));
}

/** What the operators' line says of the body of its nth heredoc, most telling first. */
function choices(instruction: Instruction, nth: number): [condition: string, bodies: Rule[]][] {
  const conditions = instruction === 'run' ? runConditions : copyConditions;
  const previous = `${upToOperator}<<`.repeat(nth - 1);
  const list = conditions(nth).map(([condition, bodies]): [string, Rule[]] => [
    `${previous}${condition}`,
    bodies,
  ]);
  list.push([
    `${previous}${upToOperator}<<-?[ \\t]*["'\\\\]`,
    [use('heredoc-shebang'), use('heredoc-verbatim')],
  ]);
  list.push(['', [use('heredoc-shebang'), use('heredoc-text')]]);
  return list;
}

/** For RUN: the program that reads the heredoc, no program at all, or the name of the file that it is written to. */
function runConditions(nth: number): [string, Rule[]][] {
  const programs = languages.flatMap((language): [string, Rule[]][] => {
    if (language.interpreters === undefined) {
      return [];
    }
    const program = `(?:${language.interpreters})`;
    const bodies = [use(bodyName(language))];
    return [
      // python3 - <<EOF
      [`${upToOperator}?(?<![\\w.-])${program}(?:[ \\t]${sameCommand})?[ \\t]\\d*<<`, bodies],
      // <<EOF python3, cat <<EOF | python3
      [
        `${upToOperator}${operator}[ \\t]+(?:[^<\\n;&]*\\|[ \\t]*)?(?:[^\\s|;&<>]*/)?(?:env[ \\t]+)?${program}(?=\\s|$)`,
        bodies,
      ],
    ];
  });
  const targets = languages.flatMap((language): [string, Rule[]][] => {
    if (language.extensions === undefined) {
      return [];
    }
    const target = `(?:>[ \\t]*|\\btee[ \\t]+(?:-a[ \\t]+)?)["']?[^\\s"'|;&<>]*\\.(?:${language.extensions})["']?(?=[\\s;&|)]|$)`;
    const bodies = [use(bodyName(language))];
    const command = `(?:${upToOperator}[;&|])${nth === 1 ? '?' : ''}`;
    return [
      // cat <<EOF > file
      [`${upToOperator}<<[^<\\n;&]*${target}`, bodies],
      // cat > file <<EOF
      [`${command}${sameCommand}${target}${sameCommand}<<`, bodies],
    ];
  });
  const script: [string, Rule[]] = [`${operator}[ \\t]*$`, [use('heredoc-shebang'), use(bodyName(shell))]];
  return nth === 1 ? [...programs, script, ...targets] : [...programs, ...targets];
}

/** For COPY and ADD: the heredoc's own name, which is that of the file in a directory, or the destination. */
function copyConditions(nth: number): [string, Rule[]][] {
  return languages.flatMap((language): [string, Rule[]][] => {
    if (language.extensions === undefined) {
      return [];
    }
    const suffix = `\\.(?:${language.extensions})["']?`;
    const bodies = [use(bodyName(language))];
    const byName: [string, Rule[]] = [`${upToOperator}<<-?[ \\t]*["']?[^\\s"'<]*${suffix}(?=\\s|$)`, bodies];
    const byTarget: [string, Rule[]] = [`${upToOperator}<<[^<\\n]*${suffix}[ \\t]*$`, bodies];
    return nth === 1 ? [byName, byTarget] : [byName];
  });
}

function shebangBody(language: Language): Rule[] {
  return language.interpreters === undefined
    ? []
    : [
        {
          ...body(language, `^(#!.*(?<![\\w.-])(?:${language.interpreters})(?:\\s.*)?)$`),
          beginCaptures: scopes('comment.line.shebang.dockerfile'),
        },
      ];
}

function body(language: Language, begin: string): Rule {
  return { begin, end: never, name: bodyScope(language), patterns: [{ include: language.scope }] };
}

function bodyName(language: Language): string {
  return `heredoc-${language.id}`;
}
