import { type Grammar, never, type Rule, scopes, use } from './grammar.ts';
import { heredocRules } from './heredoc.ts';

const keyword = 'keyword.other.special-method.dockerfile';
const stageName = 'entity.name.type.stage.dockerfile';
const stage = '[A-Za-z][\\w.-]*';
/** Where instructions do not start. */
const inside = 'meta.instruction - meta.embedded - comment - string';
/** The end of an instruction and of all that is open in it. Not `$`, which matches behind a continued line's break too. */
const instructionEnd = '(?=\\n)';
const directive = '\\s*#\\s*(?i:syntax|escape|check)\\s*=\\s*\\S';

/**
 * What VS Code's own Dockerfile grammar lacks. It takes each instruction over as a region that ends where the instruction
 * ends, so that an open quote stays inside, and gives keywords, strings and comments the scopes they have there.
 */
const dockerfile: Grammar = {
  scopeName: 'ballast.dockerfile.injection',
  injectionSelector: `L:source.dockerfile - meta.directives - ${inside}, L:meta.escape.backtick - ${inside}`,
  patterns: [
    {
      begin: `\\A(?=${directive})`,
      end: `^(?!${directive})`,
      name: 'meta.directives.dockerfile',
      patterns: [use('escape-backtick'), use('directive')],
    },
    use('comment'),
    instruction('RUN', 'run', [use('heredocs-run')]),
    instruction('COPY|ADD', 'copy', [use('heredocs-copy')]),
    instruction('FROM', 'from', [
      { match: `(?<=\\s)(?i:(AS))\\s+(${stage})`, captures: scopes(keyword, stageName) },
    ]),
    instruction('ENV|LABEL', 'assignment', [use('assignment')]),
    instruction('ARG', 'arg', [
      { match: '(?<!\\S)[A-Za-z_]\\w*(?=\\s|$)', name: 'variable.other.assignment.dockerfile' },
      use('assignment'),
    ]),
    instruction('HEALTHCHECK', 'healthcheck', [], 'CMD|NONE'),
    instruction('CMD|ENTRYPOINT|EXPOSE|MAINTAINER|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR', 'other', []),
    // A half-typed or unknown word: no colour, but what follows it stays inside the instruction.
    {
      begin: '^\\s*[A-Za-z]\\w*(?=\\s|$)',
      end: instructionEnd,
      name: 'meta.instruction.unknown.dockerfile',
      patterns: [use('arguments')],
    },
  ],
  repository: {
    ...commentRules(),
    ...directiveRules(),
    ...flagRules(),
    ...argumentRules(),
    ...heredocRules,
  },
};

/** Lines that BuildKit takes out of a continued instruction, whatever is open in it: comments and blank lines. */
const lines: Grammar = {
  scopeName: 'ballast.dockerfile.lines',
  injectionSelector: everywhere('meta.instruction', 'meta.embedded'),
  patterns: [{ include: `${dockerfile.scopeName}#comment` }, { match: '^[ \\t]*\\n' }],
};

/** Escapes and the ends of continued lines, which differ where `# escape=` names the backtick. */
const escapes = [
  escapeGrammar('backslash', '\\\\', 'meta.instruction', ' - meta.escape.backtick'),
  escapeGrammar('backtick', '`', 'meta.escape.backtick meta.instruction', ''),
];

/** Ballast's injections into `source.dockerfile`. A rule cannot ask which scope it is in, so each selector has its grammar. */
export const dockerfileGrammars: readonly Grammar[] = [dockerfile, lines, ...escapes];

function escapeGrammar(name: string, character: string, where: string, except: string): Grammar {
  const strings = 'string.quoted.single - string.quoted.json';
  return {
    scopeName: `ballast.dockerfile.escape.${name}`,
    injectionSelector: everywhere(where, `meta.embedded - ${strings}${except}`),
    patterns: [
      {
        match: `(?<!${character})${character}[ \\t]*$\\n?`,
        name: 'constant.character.escape.line-continuation.dockerfile',
      },
      { match: `${character}.`, name: 'constant.character.escaped.dockerfile' },
    ],
  };
}

/** A selector for all lines of an instruction, of those with heredocs only the one with the operators. */
function everywhere(where: string, except: string): string {
  return `L:${where} - meta.heredoc - comment - ${except}, L:${where} meta.heredoc-line - comment - ${except}`;
}

/** An instruction: keyword, flags or JSON form, arguments. `subcommands` may stand behind the flags. */
function instruction(keywords: string, name: string, parts: readonly Rule[], subcommands?: string): Rule {
  const subcommand: Rule[] =
    subcommands === undefined ? [] : [{ match: `(?i:${subcommands})(?=\\s|$)`, name: keyword }];
  return {
    begin: `^\\s*(?:(?i:(ONBUILD))\\s+)?(?i:(${keywords}))(?=\\s|$)`,
    beginCaptures: scopes('keyword.control.dockerfile', keyword),
    end: instructionEnd,
    name: `meta.instruction.${name}.dockerfile`,
    patterns: [
      {
        begin: '\\G[ \\t]+',
        end: `(?=\\S)|${instructionEnd}`,
        applyEndPatternLast: 1,
        patterns: [use('flags'), use('json-form'), ...subcommand],
      },
      {
        begin: '(?=\\S)',
        end: instructionEnd,
        patterns: [...parts, use('arguments')],
      },
    ],
  };
}

function commentRules(): Record<string, Rule> {
  const leading = 'punctuation.whitespace.comment.leading.dockerfile';
  const line = 'comment.line.number-sign.dockerfile';
  const sign = 'punctuation.definition.comment.dockerfile';
  return {
    comment: {
      patterns: [
        {
          match:
            '^(\\s*)((#)\\s*(?i:(ballast|hadolint)\\s+(?:(global)\\s+)?(ignore))\\s*(=)\\s*([\\w-]+(?:\\s*,\\s*[\\w-]+)*)?.*$\\n?)',
          captures: {
            ...scopes(
              leading,
              line,
              sign,
              'keyword.other.ignore.dockerfile',
              'keyword.other.ignore.dockerfile',
              'keyword.other.ignore.dockerfile',
              'keyword.operator.assignment.dockerfile',
            ),
            8: { name: line, patterns: [use('rule-name')] },
          },
        },
        { match: '^(\\s*)((#).*$\\n?)', captures: scopes(leading, line, sign) },
      ],
    },
    'rule-name': { match: '[\\w-]+', name: 'variable.other.constant.rule.dockerfile' },
  };
}

function directiveRules(): Record<string, Rule> {
  const head = (name: string): string => `^(\\s*)(#)\\s*(?i:(${name}))\\s*(=)\\s*`;
  const line = { name: 'meta.directive.dockerfile comment.line.number-sign.dockerfile' };
  const captures = scopes(
    '',
    'punctuation.definition.comment.dockerfile',
    'keyword.other.directive.dockerfile',
    'keyword.operator.assignment.dockerfile',
    'string.unquoted.directive.dockerfile',
  );
  return {
    directive: {
      patterns: [
        { match: `${head('syntax|escape')}(\\S.*?)\\s*$\\n?`, captures: { 0: line, ...captures } },
        {
          match: `${head('check')}(\\S.*?)\\s*$\\n?`,
          captures: {
            0: line,
            ...captures,
            5: {
              name: 'meta.directive.dockerfile comment.line.number-sign.dockerfile',
              patterns: [
                {
                  match: '(?i:(skip|error|experimental))\\s*(=)',
                  captures: scopes(
                    'entity.other.attribute-name.dockerfile',
                    'keyword.operator.assignment.dockerfile',
                  ),
                },
                { match: '(?i:true|false)\\b', name: 'constant.language.boolean.dockerfile' },
                use('rule-name'),
              ],
            },
          },
        },
      ],
    },
    'escape-backtick': {
      begin: `${head('escape')}(\`)\\s*$\\n?`,
      beginCaptures: { 0: line, ...captures },
      end: never,
      patterns: [
        use('directive'),
        {
          begin: `^(?!${directive})`,
          end: never,
          name: 'meta.escape.backtick.dockerfile',
          patterns: [{ include: 'source.dockerfile' }],
        },
      ],
    },
  };
}

function flagRules(): Record<string, Rule> {
  const flag = (names: string, patterns: readonly Rule[]): Rule => ({
    begin: `(--)(${names})(=)`,
    beginCaptures: scopes(
      'punctuation.definition.flag.dockerfile',
      'entity.other.attribute-name.flag.dockerfile',
      'keyword.operator.assignment.dockerfile',
    ),
    end: '(?=\\s)',
    name: 'meta.flag.dockerfile',
    patterns: [...patterns, use('string-double'), use('string-single'), use('variable')],
  });
  const word = (words: string): Rule => ({
    match: `(?<==)(?:${words})(?=[\\s,"']|$)`,
    name: 'constant.language.dockerfile',
  });
  const number: Rule = {
    match: '(?<==)(?:\\d+(?:\\.\\d+)?(?:ns|us|µs|ms|s|m|h)?)+(?=[\\s,"\']|$)',
    name: 'constant.numeric.dockerfile',
  };
  const booleans: Rule = {
    match: '(?<==)(?:true|false)(?=[\\s,"\']|$)',
    name: 'constant.language.boolean.dockerfile',
  };
  const stageReference: Rule = { match: `(?<=from=)${stage}(?=[\\s,"']|$)`, name: stageName };
  const text: Rule = { match: '[^\\s,"\'$\\\\`]+', name: 'string.unquoted.flag.dockerfile' };
  const mountKey = 'entity.other.attribute-name.mount.dockerfile';
  return {
    flags: {
      patterns: [
        flag('mount', [
          {
            match: '(?<=[=,"\'])(readonly|readwrite|required|ro|rw)(?=[\\s,"\']|$)',
            name: mountKey,
          },
          {
            match: '(?<=[=,"\'])([A-Za-z][A-Za-z-]*)(=)',
            captures: scopes(mountKey, 'keyword.operator.assignment.dockerfile'),
          },
          { match: ',', name: 'punctuation.separator.mount.dockerfile' },
          {
            match: '(?<=type=)(?:bind|cache|tmpfs|secret|ssh)(?=[\\s,"\']|$)',
            name: 'constant.language.dockerfile',
          },
          {
            match: '(?<=sharing=)(?:shared|private|locked)(?=[\\s,"\']|$)',
            name: 'constant.language.dockerfile',
          },
          stageReference,
          booleans,
          number,
          text,
        ]),
        flag('from', [stageReference, number, text]),
        flag('network|security', [word('none|default|host|insecure|sandbox'), text]),
        flag('[A-Za-z][A-Za-z0-9-]*', [booleans, number, { match: ',' }, text]),
        {
          match: '(--)([A-Za-z][A-Za-z0-9-]*)(?=\\s|$)',
          captures: scopes(
            'punctuation.definition.flag.dockerfile',
            'entity.other.attribute-name.flag.dockerfile',
          ),
        },
      ],
    },
  };
}

function argumentRules(): Record<string, Rule> {
  const jsonString = '"(?:[^"\\\\]|\\\\.)*"';
  const variableName = '[A-Za-z_]\\w*|[0-9@*#?$!-]';
  return {
    arguments: {
      patterns: [use('substitution'), use('string-double'), use('string-single'), use('variable')],
    },
    assignment: {
      match: '(?<!\\S)([A-Za-z_][\\w.-]*)(=)',
      captures: scopes('variable.other.assignment.dockerfile', 'keyword.operator.assignment.dockerfile'),
    },
    /** An array of strings to the end of the line, or to a line break between two of them; `[ -f x ] && …` is none. */
    'json-form': {
      begin: `\\[(?=\\s*(?:${jsonString}\\s*(?:,\\s*${jsonString}\\s*)*(?:,\\s*)?)?(?:\\]\\s*$|[\\\\\`][ \\t]*$))`,
      beginCaptures: { 0: { name: 'punctuation.definition.array.begin.dockerfile' } },
      end: `(\\])|${instructionEnd}`,
      endCaptures: scopes('punctuation.definition.array.end.dockerfile'),
      name: 'meta.array.dockerfile',
      patterns: [
        { match: ',', name: 'punctuation.separator.array.dockerfile' },
        {
          begin: '"',
          beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
          end: `"|${instructionEnd}`,
          endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
          name: 'string.quoted.double.dockerfile string.quoted.json.dockerfile',
          patterns: [{ match: '\\\\.', name: 'constant.character.escaped.dockerfile' }, use('variable')],
        },
      ],
    },
    'string-double': {
      begin: '"',
      beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
      end: `"|${instructionEnd}`,
      endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
      name: 'string.quoted.double.dockerfile',
      patterns: [use('substitution'), use('variable')],
    },
    'string-single': {
      begin: "'",
      beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
      end: `'|${instructionEnd}`,
      endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
      name: 'string.quoted.single.dockerfile',
      patterns: [
        {
          match: '(?<!\\\\)\\\\[ \\t]*$\\n?',
          name: 'constant.character.escape.line-continuation.dockerfile',
        },
      ],
    },
    /** `$(command "with its own quotes")`; nested brackets count. */
    substitution: {
      begin: '\\$\\(',
      beginCaptures: { 0: { name: 'punctuation.definition.substitution.begin.dockerfile' } },
      end: `(\\))|${instructionEnd}`,
      endCaptures: scopes('punctuation.definition.substitution.end.dockerfile'),
      patterns: [use('brackets'), use('arguments')],
    },
    brackets: { begin: '\\(', end: `\\)|${instructionEnd}`, patterns: [use('brackets'), use('arguments')] },
    variable: {
      patterns: [
        {
          begin: `(\\$\\{)(${variableName})?`,
          beginCaptures: scopes(
            'punctuation.definition.variable.begin.dockerfile',
            'variable.other.dockerfile',
          ),
          end: `(\\})|${instructionEnd}`,
          endCaptures: scopes('punctuation.definition.variable.end.dockerfile'),
          patterns: [
            { match: '(?<=\\w):?[-+?=]|##?|%%?|//?', name: 'keyword.operator.expansion.dockerfile' },
            use('variable'),
          ],
        },
        {
          match: `(\\$)(${variableName})`,
          captures: scopes('punctuation.definition.variable.dockerfile', 'variable.other.dockerfile'),
        },
      ],
    },
  };
}
