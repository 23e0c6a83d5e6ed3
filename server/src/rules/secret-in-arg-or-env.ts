import { isSecretContent } from '../facts/secrets/secret-content.ts';
import { secretInValue, secretInWord } from '../facts/secrets/secret-in-value.ts';
import { secretMount } from '../fixes/secret-mount.ts';
import { type Dockerfile, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { findFlag, type Pair } from '../syntax/tree.ts';
import { memoizeFor } from '../text/memoize.ts';
import { type Span, span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

/** Words in a name that mean a secret, and words that mean none; both lists are those of BuildKit's check. */
const secretName =
  /(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmlessName = /(?:^|_)(?:public|file|version)(?:_|$)/i;

/** Names that hold the place or the kind of a secret, or the number of a public key, not the secret. */
const placeName =
  /_(?:path|dir|url|uri|host|name|id|ids|header|type|mode|enabled|expiry|ttl|size|length|algorithm|required|method|provider)$|(?:^|_)(?:allow_empty|gpg_key|gpg_keys|ide_key|random_root|dummy)(?:_|$)/i;

export const secretInArgOrEnv: Rule = {
  meta: {
    id: 'secret-in-arg-or-env',
    aliases: ['SecretsUsedInArgOrEnv', 'DL3064'],
    isBuildCheck: true,
    summary: 'A secret is given as ARG or ENV, and so stays in the image.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'A command that uses the secret may keep it, or the value stands in the file and has to be changed first.',
    needs: [],
    docs: {
      what: 'An `ARG` or `ENV` has the name of a secret (password, token, key), or its value holds one: a URL or a connection string with a password, a token or a private key that is known by its form. So may the text of a `RUN`: `git clone https://user:token@…`, and a file that a `COPY` writes.',
      why: 'Both are stored in the image’s metadata. `docker history` and `docker inspect` show them to whoever has the image.',
      silent:
        'A URL has no password, is one of this machine in a `RUN`, takes it from a variable, or has a placeholder or the name of its user there. The name holds `FILE`, `PUBLIC` or `VERSION` as a word. A hint, no warning, where it is probably no secret: the value is empty, a path, or `true` or `false`; the name says that it holds a place or a kind (`…_URL`, `…_ID`); an `ENV` takes over an `ARG` that is reported already.',
      fix: 'Takes an `ARG` without a value away and mounts the secret on each `RUN` that uses it, as an environment variable of the same name. Offered where every use is plain to see and none of the commands keeps what it is given: downloads and installs do not, `git clone`, `npm config set` and redirects into files may. For review, because the build has to be called with `--secret`.',
      bad: { dockerfile: 'FROM node:24-slim\nARG NPM_TOKEN\nRUN npm ci\n' },
      good: { dockerfile: 'FROM node:24-slim\nRUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci\n' },
      switchOff: 'Where the names mean something else in your project.',
      references: ['https://docs.docker.com/build/building/secrets/'],
    },
  },

  *check({ dockerfile, project }) {
    const args = new Set<string>();
    for (const stage of dockerfile.stages) {
      for (const step of stage.steps) {
        const { keyword, pairs } = step.instruction;
        if (keyword === 'RUN') {
          yield* inCommands(step);
        }
        if (keyword === 'COPY' || keyword === 'ADD') {
          yield* inHeredocs(step, dockerfile.text);
        }
        if (keyword !== 'ARG' && keyword !== 'ENV') {
          continue;
        }
        for (const pair of pairs) {
          const isTakenOver = isVariable(pair.value ?? '', pair.name) && args.has(pair.name);
          if (keyword === 'ARG') {
            args.add(pair.name);
          }
          const held = secretInValue(unquoted(pair.value ?? ''));
          if (held !== undefined) {
            yield {
              message: `${pair.name} holds ${held}, which everyone who has the image can read. ${keyword === 'ARG' ? 'Mount it as a secret on the RUN that needs it.' : 'Set it when the container starts.'}`,
              span: pair.nameSpan,
              // BuildKit's check looks at names alone.
              isBeyondCheck: !secretName.test(pair.name) || harmlessName.test(pair.name),
            };
            continue;
          }
          if (!secretName.test(pair.name) || harmlessName.test(pair.name)) {
            continue;
          }
          const isProbable = !isTakenOver && isProbablySecret(pair);
          const fix =
            isProbable && keyword === 'ARG'
              ? secretMount(dockerfile, project, stage, step, pair.name)
              : undefined;
          yield {
            message: isProbable
              ? exposure(keyword, pair.name, isPartOfImage(dockerfile, stage))
              : `${pair.name} has the name of a secret. Everyone who has the image can read what it holds.`,
            span: pair.nameSpan,
            fixes: fix === undefined ? [] : [fix],
            ...(isProbable ? {} : { severity: 'hint' as const }),
          };
        }
      }
    }
  },
};

/** Secrets that stand in the text of a RUN. */
function* inCommands({ script }: Step): Iterable<Finding> {
  const commands = script?.isUnderstood === true ? script.commands : [];
  for (const command of commands) {
    const found = secretInCommand(command);
    if (script !== undefined && found !== undefined) {
      yield {
        message: `This command holds ${found.secret}, which everyone who has the image can read in its history. Mount it as a secret on this RUN.`,
        span: script.sourceSpan(found.span),
        isBeyondCheck: true,
      };
    }
  }
}

/** The first secret among the words of a command, and where in the script it stands. */
const secretInCommand = memoizeFor(
  (command: ShellCommand): { readonly secret: string; readonly span: Span } | undefined => {
    const values = [
      ...command.args.map((word) => ({ text: word.value ?? word.text, span: word.span })),
      ...command.assignments.map((one) => ({ text: one.value ?? '', span: command.span })),
    ];
    for (const value of values) {
      const secret = secretInWord(value.text);
      if (secret !== undefined) {
        return { secret, span: value.span };
      }
    }
    return undefined;
  },
);

/** Secrets in a file that the Dockerfile itself holds. */
function* inHeredocs({ instruction }: Step, text: string): Iterable<Finding> {
  for (const { body, span: start } of instruction.heredocs) {
    const content = text.slice(body.start, body.end);
    const word = [...content.matchAll(/\S{1,2000}/g)].find(([one]) => secretInWord(one) !== undefined);
    const held = word === undefined ? undefined : secretInWord(word[0]);
    if (held === undefined && !isSecretContent(content)) {
      continue;
    }
    yield {
      message: `This file holds ${held ?? 'a key or a password'}, which everyone who has the image can read. Mount it when the container starts.`,
      span:
        word === undefined ? start : span(body.start + word.index, body.start + word.index + word[0].length),
      isBeyondCheck: true,
    };
  }
}

function exposure(keyword: string, name: string, isShipped: boolean): string {
  if (!isShipped) {
    return `${name} stays in the cache of the build, and in its provenance. ${keyword === 'ARG' ? `Give it to the RUN that needs it: --mount=type=secret,id=${name},env=${name}` : 'Mount it as a secret on the RUN that needs it.'}`;
  }
  return keyword === 'ARG'
    ? `Everyone who has the image can read ${name} in its history. Give it to the RUN that needs it: --mount=type=secret,id=${name},env=${name}`
    : `Everyone who has the image can read ${name}. Set it when the container starts.`;
}

/** True for a stage that the image is made of, or that may be built as an image of its own. */
function isPartOfImage({ final, stages }: Dockerfile, stage: Stage): boolean {
  const isTaken = stages.some(
    (other) =>
      other !== stage &&
      other.steps.some(({ instruction }) => findFlag(instruction, 'from')?.value === stage.name),
  );
  return final === undefined || lineage(final).includes(stage) || !isTaken;
}

/** True where a value is a variable and nothing else. */
function isVariable(value: string, name: string): boolean {
  const plain = value.replace(/^"|"$/g, '');
  return plain === `$${name}` || plain === `\${${name}}`;
}

/** False where the name or the value speaks for something else than a secret. */
function isProbablySecret(pair: Pair): boolean {
  if (placeName.test(pair.name)) {
    return false;
  }
  const value = unquoted(pair.value ?? 'given at build time');
  return !/^(?:|\/.*|true|false|yes|no|on|off|\d{1,4}|none|null)$/i.test(value);
}

function unquoted(value: string): string {
  return value.replace(/^["']|["']$/g, '');
}
