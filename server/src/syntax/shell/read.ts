import type { Node } from '@vscode/tree-sitter-wasm';
import { type Span, span } from '../../text/span.ts';
import type {
  Assignment,
  Operator,
  Redirect,
  ShellCommand,
  ShellScript,
  ShellWord,
  VariableUse,
} from './script.ts';
import { staticText } from './static-text.ts';
import { unwrap } from './wrappers.ts';

interface Place {
  readonly operator: Operator;
  readonly isUnconditional: boolean;
  readonly isTopLevel: boolean;
}

/** Reads the commands out of a syntax tree. `parse` reads the text of nested shells (`sh -c '…'`). */
export function readScript(text: string, root: Node, parse: (text: string) => ShellScript): ShellScript {
  const reader = new Reader(text, parse);
  reader.readBody(root, { operator: '', isUnconditional: true, isTopLevel: true });
  return {
    text,
    commands: reader.commands.sort((a, b) => a.span.start - b.span.start),
    variables: [...readVariables(text, root), ...reader.innerVariables].sort(
      (a, b) => a.span.start - b.span.start,
    ),
    setVariables: new Set([
      ...assignedNames(root),
      ...reader.commands.flatMap(readNames),
      ...reader.innerNames,
    ]),
    hasComments: text.includes('#') && root.descendantsOfType('comment').length > 0,
    isUnderstood: !root.hasError && !reader.isTooDeep,
  };
}

/** The expansions of a text: `$NAME` and `${NAME…}`; those of special parameters (`$1`, `$?`) have no name. */
function readVariables(text: string, root: Node): VariableUse[] {
  return text.includes('$')
    ? root.descendantsOfType(['simple_expansion', 'expansion']).flatMap((node) => {
        const name =
          node === null ? undefined : namedChildren(node).find(({ type }) => type === 'variable_name');
        if (node === null || name === undefined) {
          return [];
        }
        const at = span(name.startIndex, name.endIndex);
        return [
          {
            name: text.slice(at.start, at.end),
            span: at,
            hasFallback: node.type === 'expansion' && /^:?[-+=?]/.test(text.slice(at.end, at.end + 2)),
          },
        ];
      })
    : [];
}

/** The names that assignments and loops set. */
function assignedNames(root: Node): string[] {
  return root.descendantsOfType(['variable_assignment', 'for_statement']).flatMap((node) => {
    const name = node?.childForFieldName(node.type === 'for_statement' ? 'variable' : 'name');
    return name === null || name === undefined ? [] : [name.text.replace(/\[.*/s, '')];
  });
}

/** The names that a command sets which reads into variables. */
function readNames({ name, args }: ShellCommand): string[] {
  switch (name) {
    case 'read':
    case 'getopts':
    case 'mapfile':
    case 'readarray':
    case 'printf':
      return args.map((word) => word.text).filter((word) => /^[A-Za-z_]\w*$/.test(word));
    default:
      return [];
  }
}

/** Statements within statements: nobody nests them deeper, and each level takes a part of the stack. */
const deepest = 200;

class Reader {
  readonly commands: ShellCommand[] = [];
  /** Variables of nested shells, and the names that those set. */
  readonly innerVariables: VariableUse[] = [];
  readonly innerNames: string[] = [];
  /** True where statements were nested too deep to be read. */
  isTooDeep = false;
  private depth = 0;
  private readonly text: string;
  private readonly parse: (text: string) => ShellScript;

  constructor(text: string, parse: (text: string) => ShellScript) {
    this.text = text;
    this.parse = parse;
  }

  /** Reads statements that stand one after the other. */
  readBody(node: Node, place: Place): void {
    let operator = place.operator;
    const children = allChildren(node);
    children.forEach((child, i) => {
      if (!child.isNamed || child.type === 'comment') {
        return;
      }
      // A statement that ends in `&` runs beside the others: nothing may be said of when it is done.
      const inBackground = children[i + 1]?.type === '&';
      this.readStatement(child, {
        ...place,
        operator,
        isUnconditional: place.isUnconditional && !inBackground,
      });
      operator = ';';
    });
  }

  private readStatement(node: Node, place: Place, redirects: readonly Redirect[] = []): void {
    this.descend(() => this.readStatementOf(node, place, redirects));
  }

  private descend(read: () => void): void {
    if (this.depth >= deepest) {
      this.isTooDeep = true;
      return;
    }
    this.depth++;
    read();
    this.depth--;
  }

  private readStatementOf(node: Node, place: Place, redirects: readonly Redirect[]): void {
    switch (node.type) {
      case 'command':
        this.readCommand(node, place, redirects);
        return;
      case 'declaration_command':
      case 'unset_command':
      case 'test_command':
      case 'variable_assignment':
      case 'variable_assignments':
        this.readBuiltin(node, place, redirects);
        return;
      case 'list':
        this.readList(node, place);
        return;
      case 'pipeline':
        this.readPipeline(node, place);
        return;
      case 'redirected_statement':
        this.readRedirected(node, place, redirects);
        return;
      case 'negated_command':
        for (const child of namedChildren(node)) {
          this.readStatement(child, place, redirects);
        }
        return;
      case 'compound_statement':
        this.readBody(node, { ...place, isTopLevel: false });
        return;
      case 'subshell':
        this.readBody(node, { ...place, isTopLevel: false });
        return;
      default:
        // Conditions, loops, functions, case items and what the grammar did not understand.
        this.readBody(node, { operator: place.operator, isUnconditional: false, isTopLevel: false });
    }
  }

  private readList(node: Node, place: Place): void {
    let operator = place.operator;
    let isUnconditional = place.isUnconditional;
    for (const child of listItems(node)) {
      if (child.type === '&&' || child.type === '||') {
        operator = child.type;
        isUnconditional = isUnconditional && child.type === '&&';
      } else if (child.isNamed) {
        this.readStatement(child, { ...place, operator, isUnconditional });
      }
    }
  }

  private readPipeline(node: Node, place: Place): void {
    let operator = place.operator;
    for (const child of namedChildren(node)) {
      this.readStatement(child, { ...place, operator });
      operator = '|';
    }
  }

  private readRedirected(node: Node, place: Place, outer: readonly Redirect[]): void {
    const redirects = [...outer];
    const body: Node[] = [];
    for (const child of namedChildren(node)) {
      if (child.type.endsWith('_redirect')) {
        redirects.push(this.readRedirect(child));
        if (child.type === 'heredoc_redirect') {
          // What follows the heredoc's name on its line is nested here by the grammar: `cat <<EOF > /x && chmod …`.
          for (const inner of namedChildren(child)) {
            if (inner.type.endsWith('_redirect')) {
              redirects.push(this.readRedirect(inner));
            } else if (!inner.type.startsWith('heredoc_')) {
              this.readStatement(inner, { ...place, operator: '&&' });
            }
          }
        }
      } else {
        body.push(child);
      }
    }
    for (const child of body) {
      this.readStatement(child, place, redirects);
    }
  }

  private readRedirect(node: Node): Redirect {
    const target = namedChildren(node).find((child) => child.type !== 'file_descriptor');
    const operator = this.text.slice(node.startIndex, target?.startIndex ?? node.endIndex).trim();
    const isWord = node.type === 'file_redirect' && target !== undefined;
    return { operator, target: isWord ? this.readWord(target) : undefined };
  }

  private readCommand(node: Node, place: Place, redirects: readonly Redirect[]): void {
    const assignments: Assignment[] = [];
    const words: ShellWord[] = [];
    const ownRedirects = [...redirects];
    for (const child of namedChildren(node)) {
      if (child.type === 'variable_assignment') {
        assignments.push(this.readAssignment(child));
      } else if (child.type.endsWith('_redirect')) {
        ownRedirects.push(this.readRedirect(child));
      } else {
        const word = child.type === 'command_name' ? (namedChildren(child)[0] ?? child) : child;
        words.push(this.readWord(word));
        this.readSubstitutions(child);
      }
    }
    this.addCommand(words, assignments, ownRedirects, span(node.startIndex, node.endIndex), place);
  }

  /** `export`, `[ … ]`, `a=b` and the like: commands whose words have other node types. */
  private readBuiltin(node: Node, place: Place, redirects: readonly Redirect[]): void {
    const whole = span(node.startIndex, node.endIndex);
    const text = this.text.slice(whole.start, whole.end);
    if (node.type.startsWith('variable_assignment')) {
      const nodes = node.type === 'variable_assignment' ? [node] : namedChildren(node);
      const word = { text: '', value: '', span: span(whole.start, whole.start) };
      const assignments = nodes.map((child) => this.readAssignment(child));
      this.commands.push({
        name: '',
        args: [],
        nameWord: word,
        assignments,
        redirects,
        span: whole,
        wrapper: undefined,
        ...place,
      });
      return;
    }
    this.readSubstitutions(node);
    const words = [...text.matchAll(/\S+/g)].map((match) => {
      const start = whole.start + match.index;
      return { text: match[0], value: staticText(match[0]), span: span(start, start + match[0].length) };
    });
    this.addCommand(words, [], redirects, whole, place);
  }

  private addCommand(
    words: readonly ShellWord[],
    assignments: readonly Assignment[],
    redirects: readonly Redirect[],
    whole: Span,
    place: Place,
  ): void {
    const { wrapper, assignments: more, words: rest } = unwrap(words);
    const [nameWord, ...args] = rest;
    // The grammar invents an empty word where a command is missing (`npm ci &&`).
    if (nameWord === undefined || nameWord.text === '') {
      return;
    }
    const name = nameWord.value?.replace(/^.*\//, '');
    const command: ShellCommand = {
      name,
      args,
      nameWord,
      assignments: [...assignments, ...more],
      redirects,
      span: whole,
      wrapper,
      ...place,
    };
    this.commands.push(command);
    this.readNestedShell(command);
  }

  /** Reads `sh -c 'text'`, as long as the text stands in the script as the inner shell will get it. */
  private readNestedShell(command: ShellCommand): void {
    if (command.name === undefined || !['sh', 'bash', 'ash', 'dash'].includes(command.name)) {
      return;
    }
    const option = command.args.findIndex((word) => /^-[a-z]*c$/.test(word.value ?? ''));
    const word = option < 0 ? undefined : command.args[option + 1];
    if (word?.value === undefined || word.text.slice(1, -1) !== word.value) {
      return;
    }
    const shift = word.span.start + 1;
    const script = this.parse(word.value);
    this.innerNames.push(...script.setVariables);
    // In double quotes it is the outer shell that replaces them, and has them already.
    if (word.text.startsWith("'")) {
      this.innerVariables.push(
        ...script.variables.map((one) => ({
          ...one,
          span: span(one.span.start + shift, one.span.end + shift),
        })),
      );
    }
    for (const inner of script.commands) {
      this.commands.push({
        ...moveCommand(inner, shift),
        isUnconditional: inner.isUnconditional && command.isUnconditional,
        isTopLevel: false,
      });
    }
  }

  private readSubstitutions(node: Node): void {
    this.descend(() => {
      for (const child of namedChildren(node)) {
        if (child.type === 'command_substitution' || child.type === 'process_substitution') {
          this.readBody(child, { operator: '', isUnconditional: false, isTopLevel: false });
        } else {
          this.readSubstitutions(child);
        }
      }
    });
  }

  private readAssignment(node: Node): Assignment {
    this.readSubstitutions(node);
    const text = this.text.slice(node.startIndex, node.endIndex);
    const equals = text.indexOf('=');
    return { name: text.slice(0, equals), value: staticText(text.slice(equals + 1)) };
  }

  private readWord(node: Node): ShellWord {
    const text = this.text.slice(node.startIndex, node.endIndex);
    return { text, value: staticText(text), span: span(node.startIndex, node.endIndex) };
  }
}

/** The parts of a chain: the grammar nests `a && b && c` to the left, one level for each command. */
function listItems(node: Node): Node[] {
  const items: Node[] = [];
  let list: Node | undefined = node;
  while (list !== undefined) {
    const [first, ...rest]: Node[] = allChildren(list);
    const isNested = first?.type === 'list';
    items.push(...rest.reverse(), ...(first === undefined || isNested ? [] : [first]));
    list = isNested ? first : undefined;
  }
  return items.reverse();
}

function allChildren(node: Node): Node[] {
  return node.children.filter((child) => child !== null);
}

function namedChildren(node: Node): Node[] {
  return node.namedChildren.filter((child) => child !== null);
}

/** The same command with all its spans moved to the right. */
function moveCommand(command: ShellCommand, by: number): ShellCommand {
  const moveSpan = (s: Span): Span => span(s.start + by, s.end + by);
  const moveWord = (word: ShellWord): ShellWord => ({ ...word, span: moveSpan(word.span) });
  return {
    ...command,
    args: command.args.map(moveWord),
    nameWord: moveWord(command.nameWord),
    redirects: command.redirects.map((redirect) => ({
      ...redirect,
      target: redirect.target === undefined ? undefined : moveWord(redirect.target),
    })),
    span: moveSpan(command.span),
  };
}
