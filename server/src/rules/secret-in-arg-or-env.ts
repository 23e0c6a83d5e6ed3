import type { Pair } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

/** Words in a name that mean a secret; the list and its exception are those of BuildKit's check. */
const secretName =
  /(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const publicName = /(?:^|_)public(?:_|$)/i;

/** Names that end so hold the place of a secret, not the secret. */
const placeName =
  /_(?:file|path|dir|url|uri|host|name|id|header|type|mode|enabled|expiry|ttl|size|length|algorithm)$/i;

export const secretInArgOrEnv: Rule = {
  meta: {
    id: 'secret-in-arg-or-env',
    aliases: ['SecretsUsedInArgOrEnv'],
    summary: 'A secret is given as ARG or ENV, and so stays in the image.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'none',
    needs: [],
    docs: {
      what: 'An `ARG` or `ENV` has the name of a secret: password, token, key.',
      why: 'Both are stored in the image’s metadata. `docker history` and `docker inspect` show them to whoever has the image.',
      silent:
        'The value is empty, a path, `true` or `false`, or plainly a placeholder; the name says that it holds a place (`…_FILE`, `…_URL`) or something public.',
      bad: { dockerfile: 'FROM node:24-slim\nARG NPM_TOKEN\nRUN npm ci\n' },
      good: { dockerfile: 'FROM node:24-slim\nRUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci\n' },
      switchOff: 'Where the names mean something else in your project.',
      references: ['https://docs.docker.com/build/building/secrets/'],
    },
  },

  *check({ dockerfile }) {
    for (const { instruction } of dockerfile.stages.flatMap((stage) => stage.steps)) {
      const { keyword } = instruction;
      if (keyword !== 'ARG' && keyword !== 'ENV') {
        continue;
      }
      for (const pair of instruction.pairs) {
        if (isSecret(pair)) {
          yield {
            message:
              keyword === 'ARG'
                ? `${pair.name} stays in the image’s history. Give it to the RUN that needs it: --mount=type=secret,id=${pair.name},env=${pair.name}`
                : `${pair.name} stays in the image for whoever has it. Set it when the container starts.`,
            span: pair.nameSpan,
          };
        }
      }
    }
  },
};

function isSecret(pair: Pair): boolean {
  if (!secretName.test(pair.name) || publicName.test(pair.name) || placeName.test(pair.name)) {
    return false;
  }
  const value = (pair.value ?? 'given at build time').replace(/^["']|["']$/g, '');
  return !/^(?:|\/.*|true|false|\d{1,4}|none|null|change-?me|xxx+|<.*>|your[-_].*|dummy.*|placeholder.*)$/i.test(
    value,
  );
}
