import { bracketed, type Code, callsOf } from './source-code.ts';

/** What a handler says when it changes data: statements of SQL, calls of ORMs and stores, files. */
const writes =
  /\bINSERT\s+(?:IGNORE\s+)?INTO\b|\bUPDATE\s+[\w."`]+\s+SET\b|\bDELETE\s+FROM\b|\bREPLACE\s+INTO\b|(?<!\b(?:Object|React|axios|zod|http|https))\.(?:create|createMany|insert\w*|upsert\w*|bulkCreate|save|save!|create!|update!|increment\w*|incr|incrby|hincrby|decr|lpush|rpush|sadd|zadd|hset|xadd|publish|commit|findOneAndUpdate|findByIdAndUpdate|updateOne|updateMany|deleteOne|deleteMany|writeFile\w*|appendFile\w*|write_text|persist|flush|Incr|IncrBy|Create|InsertOne|UpdateOne|SaveChanges\w*|saveAndFlush)\(|\b(?:redis|cache|client|rdb|kv|store|r)\.(?:set|Set|put)\(|\b(?:writeFile|appendFile|file_put_contents|fwrite)\w*\(|\bopen\([^()]*,\s*["'][wa]b?\+?["']|\bos\.WriteFile\(|\bFile\.(?:write|open)\b|->(?:insert|save|persist|flush|increment)\(/i;

/** What a handler says when it sends something on: a mail, a job, a request that changes data elsewhere. */
const sends =
  /\b(?:sendMail|send_mail|sendToQueue|apply_async|perform_later|perform_async|enqueue\w*)\(|\.delay\(|\b\w*[qQ]ueue\.add\(|\b(?:axios|got|ky|requests|httpx)\.(?:post|put|patch|delete)\(/;

/** Calls of JavaScript, Go, C#, PHP and Rust that give a path its handler; the opening bracket ends the match. */
const routed =
  /(?:\.(?:get|all|GET|Get|HandleFunc|Handle|MapGet|route|Any)|\bRoute::get|\bHandleFunc|\bhttp\.Handle)\(/g;

/**
 * Where the handler of a path writes, as `file`; undefined where no handler is seen to. GET is safe by the definition of
 * HTTP, so that what cannot be followed counts as reading.
 */
export function writerOf(code: readonly Code[], path: string): string | undefined {
  return code.find((one) => bodiesFor(one, path, code).some((body) => writes.test(body) || sends.test(body)))
    ?.path;
}

/** The texts of what runs when a path is asked for. */
function bodiesFor(code: Code, path: string, all: readonly Code[]): string[] {
  const { text } = code;
  if (code.path.endsWith('.py')) {
    return decorated(text, path);
  }
  if (/\.(?:rb|ru)$/.test(code.path)) {
    return rubyBlocks(text, path);
  }
  if (code.path.endsWith('.php') && /(?:^|\/)index\.php$/.test(code.path) && path === '/') {
    return [text];
  }
  const calls = callsOf(text, routed).filter(({ args }) => firstText(args) === path);
  const mapped = callsOf(text, /@(?:GetMapping|RequestMapping|Get|GET|Path)\(/g)
    .filter(({ args }) => (firstText(args) ?? (args.trim() === '' ? '/' : undefined)) === path)
    .map(({ at }) => methodBehind(text, at));
  // One function that answers everything may write for the path that is asked for.
  const whole = callsOf(text, /\b(?:createServer|Bun\.serve|Deno\.serve)\(/g).map(({ args }) =>
    upToAnswer(args, path),
  );
  const bodies = [...calls.map(({ args }) => args), ...mapped, ...whole];
  return [...bodies, ...bodies.flatMap((body) => namedHandlers(body, all))];
}

/**
 * What a function that answers everything runs for one path: the text down to the block of that path where the block ends
 * with a return, else all of it.
 */
function upToAnswer(body: string, path: string): string {
  const compared = [`=== '${path}'`, `=== "${path}"`, `== '${path}'`, `== "${path}"`]
    .map((text) => body.indexOf(text))
    .find((at) => at >= 0);
  const open = compared === undefined ? -1 : body.indexOf('{', compared);
  const between = open < 0 ? '' : body.slice(compared, open);
  if (open < 0 || !/^={2,3} ["'][^"']*["']\)\s*$/.test(between)) {
    return body;
  }
  const block = bracketed(body, open);
  return /\breturn\b[^{}]*$/.test(block) ? body.slice(0, open) + block : body;
}

/** The text that a list of arguments begins with; Go writes the method in front of the path. */
function firstText(args: string): string | undefined {
  return /^\s*["'`](?:GET\s+)?((?:[^\s"'`][^"'`]*?)?)(?:\{\$\})?["'`]/.exec(args)?.[1];
}

/** Bodies of functions of the project that a handler is named by: `app.get('/', home)`. */
function namedHandlers(args: string, all: readonly Code[]): string[] {
  const names = /^\s*["'`][^"'`]*["'`]\s*,([^(){}]*(?:\(\s*\w+\s*\)\s*)?)$/.exec(args)?.[1] ?? '';
  return (names.match(/[A-Za-z_$][\w$]*/g) ?? []).flatMap((name) =>
    all.flatMap(({ text }) => functionNamed(text, name)),
  );
}

function functionNamed(text: string, name: string): string[] {
  const starts = [`function ${name}(`, `func ${name}(`, `fn ${name}(`, `const ${name} = `, `${name}: `];
  return starts.flatMap((start) => {
    const at = text.indexOf(start);
    const open = at < 0 ? -1 : text.indexOf('{', at);
    return open < 0 || open - at > 300 ? [] : [bracketed(text, open)];
  });
}

function methodBehind(text: string, at: number): string {
  const open = text.indexOf('{', text.indexOf(')', at));
  return open < 0 ? '' : bracketed(text, open);
}

/** `@app.get("/")` and the function below it. */
function decorated(text: string, path: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const match = /^(\s*)@[\w.]+\.(?:get|route)\(\s*["']([^"']*)["'](.*)$/.exec(line);
    if (match === null || match[2] !== path || /methods\s*=\s*\[(?![^\]]*GET)/.test(match[3] ?? '')) {
      return [];
    }
    return [indentedBelow(lines, i + 1, (match[1] ?? '').length)];
  });
}

function indentedBelow(lines: readonly string[], from: number, indent: number): string {
  const start = lines.findIndex((line, i) => i >= from && /^\s*(?:async\s+)?def\b/.test(line));
  const rest = start < 0 ? [] : lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  return rest.slice(0, end < 0 ? rest.length : end).join('\n');
}

/** `get '/' do` of Sinatra, up to the `end` of the same indentation. */
function rubyBlocks(text: string, path: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const match = /^(\s*)get[ (]\s*["']([^"']*)["']/.exec(line);
    if (match === null || match[2] !== path) {
      return [];
    }
    const end = lines.findIndex((one, j) => j > i && one.trimEnd() === `${match[1] ?? ''}end`);
    return [lines.slice(i + 1, end < 0 ? i + 30 : end).join('\n')];
  });
}
