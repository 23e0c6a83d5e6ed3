import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { type Code, callsOf, splitArguments } from './source-code.ts';

/** What a guard says or is called: it answers those who have not logged in by itself. */
const refuses =
  /\b40[13]\b|\bUnauthorized\b|\bForbidden\b|basic[-_]?auth|bearerAuth|passport\.authenticate|requiresAuth\(|expressjwt\(|\bjwt\(\{|redirect\([^()]*login|StatusUnauthorized|StatusForbidden|UNAUTHORIZED/i;
/** Names by which functions that ask for a login are called. */
const guardName =
  /^(?:\w+\.)*(?:require|ensure|check|verify|is|validate|protect)?_?(?:auth|login|loggedin|authenticated|authenticate|authorize|authorization|token|jwt|apikey|api_key)\w*(?:middleware|guard|handler)?$/i;

/** What stands in front of every route of a program and asks for a login, as a sentence without a stop; undefined where nothing is seen to. */
export function guardOf(
  project: Project,
  directory: ContextPath,
  code: readonly Code[],
  path: string,
): string | undefined {
  for (const one of code) {
    if (guards(one, path, code)) {
      return `${one.path} asks for a login before every route`;
    }
  }
  const own = code.find((one) => guardsRoute(one, path, code));
  if (own !== undefined) {
    return `${own.path} asks for a login at ${path}`;
  }
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const builds = ['pom.xml', 'build.gradle', 'build.gradle.kts'].map(read).join('\n');
  const chain = code.find(({ text }) => /\bSecurityFilterChain\b|\bSecurityWebFilterChain\b/.test(text));
  if (builds.includes('spring-boot-starter-security')) {
    const isOpen = chain === undefined ? path.startsWith('/actuator/health') : names(chain.text, path);
    return isOpen ? undefined : 'Spring Security asks for a login before every route';
  }
  return undefined;
}

function guards(code: Code, path: string, all: readonly Code[]): boolean {
  const { text } = code;
  if (code.path.endsWith('.py')) {
    return guardsInPython(text, path);
  }
  if (/\.(?:rb|ru)$/.test(code.path)) {
    return (
      /^[ \t]*use\s+Rack::Auth::|^[ \t]*http_basic_authenticate_with\b/m.test(text) ||
      (/^[ \t]*before\s+do\b/m.test(text) &&
        /\bhalt\s+40[13]\b/.test(text) &&
        !names(beforeBlock(text), path))
    );
  }
  if (code.path.endsWith('.cs')) {
    return /\bFallbackPolicy\s*=/.test(text) && !/AllowAnonymous/.test(text);
  }
  if (/\.[jt]sx?$/.test(code.path) && /\bAPP_GUARD\b|\buseGlobalGuards\(/.test(text)) {
    return !all.some(
      (one) => /@(?:Public|SkipAuth|AllowAnonymous|NoAuth)\(/.test(one.text) && /health/i.test(one.path),
    );
  }
  const wrapped = /\bListenAndServe(?:TLS)?\([^,()]*,\s*\w*(?:[aA]uth|[lL]ogin)\w*\(/.test(text);
  const route = firstIndexOf(text, path);
  return (
    wrapped ||
    callsOf(text, /\.(?:use|Use|addHook)\(/g).some(
      ({ at, args }) =>
        (route < 0 || at < route) &&
        !isOfGroup(text, at, route) &&
        !takesNoRequests.test(text.slice(Math.max(0, at - 60), at)) &&
        isGuard(splitArguments(args), args, all) &&
        !names(args, path),
    )
  );
}

/** Calls that give some routes a prefix or handlers of their own, in front of the bracket behind which those stand. */
const groupCall = /\.(?:Group|Route|group|route|register|MapGroup)$/;

/**
 * True for a `use` of some routes only, without the one that is asked: its receiver is a group, or it stands among the
 * arguments of a call that makes one.
 */
function isOfGroup(text: string, at: number, route: number): boolean {
  const receiver = receiverAt(text, at);
  if (receiver === undefined) {
    return false;
  }
  const isParameter = [`${receiver} *echo.Group`, `${receiver} *gin.RouterGroup`].some((one) =>
    text.includes(one),
  );
  const made = text.indexOf(`${receiver} := `);
  const isMade =
    made >= 0 && /^\w{1,60} := [\w.]{1,60}\.Group\(\s*"\/?[^"/]/.test(text.slice(made, made + 200));
  if (isParameter || isMade) {
    return route < 0 || receiverAt(text, route) !== receiver;
  }
  let depth = 0;
  for (let i = at - 1; i >= 0 && i > at - 5000; i--) {
    depth += text[i] === ')' ? 1 : text[i] === '(' ? -1 : 0;
    if (depth < 0) {
      if (groupCall.test(text.slice(Math.max(0, i - 20), i))) {
        return route < 0 || route > closing(text, i);
      }
      depth = 0;
    }
  }
  return false;
}

/** The variable whose method is called at a dot. */
function receiverAt(text: string, at: number): string | undefined {
  return /([A-Za-z_]\w{0,60})$/.exec(text.slice(Math.max(0, at - 61), at))?.[1];
}

/** Where the bracket that opens at an offset is closed; the end of the text where it is not. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
    if (depth === 0) {
      return i;
    }
  }
  return text.length;
}

/** What else has a `use`, in front of it: clients that ask other servers, and the lists of ways to log in. */
const takesNoRequests =
  /\b(?:interceptors\.(?:request|response)|passport|authenticator|strategies|mongoose|schema|dayjs|Vue|i18n|i18next)$/i;

/** Calls that give a path its handlers; the opening bracket ends the match. */
const routed = /\.(?:get|all|GET|Get|route|MapGet|MapHealthChecks|Handle|HandleFunc)\(/g;

/** Decorators and arguments of Python with which one route asks for a login. */
const pythonGuard =
  /^[ \t]*@(?:[\w.]+\.)?(?:login_required|auth_required|token_required|jwt_required|requires_auth|permission_required|user_passes_test)\b/;
const dependsOnLogin = /\b(?:Depends|Security)\(\s*[\w.]*(?:user|auth|token|api_?key|login|verify)\w*/i;

/** True where the handlers of one path ask for a login themselves: `app.get("/health", requireAuth, …)`. */
function guardsRoute(code: Code, path: string, all: readonly Code[]): boolean {
  const { text } = code;
  if (code.path.endsWith('.py')) {
    return pythonRoutes(text, path).some(
      (lines) => lines.some((line) => pythonGuard.test(line)) || dependsOnLogin.test(lines.join('\n')),
    );
  }
  return callsOf(text, routed).some(({ at, args }) => {
    const parts = splitArguments(args);
    if (!/^["'`]/.test(parts[0] ?? '') || (parts[0] ?? '').slice(1, -1) !== path) {
      return false;
    }
    if (code.path.endsWith('.cs')) {
      const end = text.indexOf(';', at + args.length);
      return /\.RequireAuthorization\(/.test(text.slice(at + args.length, end < 0 ? undefined : end));
    }
    const between = parts.slice(1, -1);
    return between.length > 0 && isGuard(between, between.join(', '), all);
  });
}

/** The lines of each route of a path in Python: its decorators and the head of its function. */
function pythonRoutes(text: string, path: string): string[][] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const match = /^[ \t]*@[\w.]+\.(?:get|route|api_route)\(\s*["']([^"']*)["']/.exec(line);
    const end = lines.findIndex((one, j) => j > i && /\)\s*(?:->[^:]*)?:\s*(?:return\b.*)?$/.test(one));
    return match?.[1] === path ? [lines.slice(i, end < 0 ? i + 4 : end + 1)] : [];
  });
}

/** True for arguments of `use` that stand for every path and refuse by themselves. */
function isGuard(parts: readonly string[], args: string, all: readonly Code[]): boolean {
  const [first = ''] = parts;
  const isHook = /^["'](?:onRequest|preHandler|preValidation)["']$/.test(first);
  const isForAll = isHook || /^["'`](?:\/?\*|\/)["'`]$/.test(first);
  if (/^["'`]/.test(first) && !isForAll) {
    return false;
  }
  // A function of four arguments answers for errors.
  if (/^(?:async\s*)?(?:function\s*(?:\w+\s*)?)?\(\s*_?e(?:rr|rror)?\b/.test(args.trim())) {
    return false;
  }
  if (refuses.test(args)) {
    return true;
  }
  return parts.some((part) => {
    const name = part.replace(/\(.*/s, '');
    const isName = /^[\w.]+$/.test(name) && guardName.test(name);
    return isName && !/^(?:\w+\.)*(?:authRoutes?|authRouter|loginRoutes?|loginRouter)$/i.test(name)
      ? definesRefusal(name, all) !== false
      : false;
  });
}

/** Whether the function of a name refuses anybody; undefined where it is not found. */
function definesRefusal(name: string, all: readonly Code[]): boolean | undefined {
  const bare = name.replace(/^.*\./, '');
  const bodies = all.flatMap(({ text }) =>
    [`function ${bare}(`, `const ${bare} =`, `func ${bare}(`, `) ${bare}(`].flatMap((start) => {
      const at = text.indexOf(start);
      return at < 0 ? [] : [text.slice(at, at + 1500)];
    }),
  );
  return bodies.length === 0 ? undefined : bodies.some((body) => refuses.test(body));
}

function guardsInPython(text: string, path: string): boolean {
  if (/\bBASIC_AUTH_FORCE["']?\]?\s*=\s*True|\bLoginRequiredMiddleware\b/.test(text)) {
    return true;
  }
  if (/\bFastAPI\([^)]*\bdependencies\s*=\s*\[\s*Depends\(/.test(text)) {
    return true;
  }
  const lines = text.split('\n');
  return lines.some((line, i) => {
    if (!/^@[\w.]+\.(?:before_request|middleware\(\s*["']http["']\s*\))\s*$/.test(line)) {
      return false;
    }
    const end = lines.findIndex((one, j) => j > i + 1 && /^\S/.test(one) && !/^(?:async )?def\b/.test(one));
    const body = lines.slice(i + 1, end < 0 ? lines.length : end).join('\n');
    return refuses.test(body) && !names(body, path) && !/\bendpoint\b/.test(body);
  });
}

function beforeBlock(text: string): string {
  const at = text.search(/^[ \t]*before\s+do\b/m);
  return text.slice(at, at + 800);
}

/** True where a text makes an exception for a path, by its name. */
function names(text: string, path: string): boolean {
  const bare = path.replace(/^\//, '');
  return bare !== '' && text.includes(bare);
}

/** Where a path is given its handler; -1 where that is not seen. */
function firstIndexOf(text: string, path: string): number {
  const found = ['get', 'all', 'GET', 'Get', 'HandleFunc', 'Handle', 'use']
    .flatMap((verb) => [`.${verb}('${path}'`, `.${verb}("${path}"`])
    .map((one) => text.indexOf(one))
    .filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}
