/** Tokens whose form says what they are. */
const tokenForms: readonly (readonly [form: RegExp, what: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, 'a private key'],
  [/^(?:gh[pousr]_\w{20,}|github_pat_\w{20,})$/, 'a token of GitHub'],
  [/^gl(?:pat|ptt|dt)-[\w-]{16,}$/, 'a token of GitLab'],
  [/^npm_\w{30,}$/, 'a token of npm'],
  [/^pypi-[\w-]{30,}$/, 'a token of PyPI'],
  [/^xox[abpors]-[\w-]{16,}$/, 'a token of Slack'],
  [/^[rs]k_live_\w{16,}$/, 'a key of Stripe'],
  [/^SG\.[\w-]{16,}\.[\w-]{16,}$/, 'a key of SendGrid'],
  [/^hf_\w{30,}$/, 'a token of Hugging Face'],
  [/^sk-(?:proj-|svcacct-|ant-)?[\w-]{32,}$/, 'a key of a language model’s service'],
  [/^dckr_(?:pat|oat)_[\w-]{20,}$/, 'a token of Docker Hub'],
  [/^dop_v1_[0-9a-f]{60,}$/, 'a token of DigitalOcean'],
  [/^hvs\.[\w-]{20,}$/, 'a token of Vault'],
  [/^shp(?:at|ss|ca)_[0-9a-fA-F]{32}$/, 'a token of Shopify'],
  [/^(?:sntrys|sntryu)_[\w+/=-]{30,}$/, 'a token of Sentry'],
  [/^AGE-SECRET-KEY-1\w{50,}$/, 'a key of age'],
];

/** Addresses that let everybody who knows them post. */
const addressForms: readonly (readonly [form: RegExp, what: string])[] = [
  [/^https:\/\/hooks\.slack\.com\/(?:services|workflows)\/\w+\/\w+\/\w{8,}/, 'a webhook of Slack'],
  [/^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}/, 'a webhook of Discord'],
  [/^https:\/\/\w+\.webhook\.office\.com\/webhookb2\/\S{20,}/, 'a webhook of Teams'],
];

/** Settings in a connection string that hold a password: `Server=db;Password=…`, `jdbc:…?user=a&password=…`. */
const connectionSetting =
  /(?:^|[;?&])\s*(?:password|passwd|pwd|accountkey|sharedaccesskey|sharedaccesssignature)\s*=\s*([^;&"']+)/i;

/** What people write where the password has to be put, and what development defaults are called. */
const placeholder =
  /^(?:\*+|\.{3}|x{3,}|<.*>|\[.*\]|\{.*\}|%.*%?|your.*|my[-_]?(?:password|secret|pass)|change.?(?:me|it|this)|replace.*|pass|passw(?:or)?d|passwd|pw|pwd|secret|dummy|fake|foo|bar|example|placeholder|sample|test|testing|guest|user|username|root|admin|postgres|mysql|mongo|redis|dev|local|none|null|todo)$/i;

/**
 * What of a value is a secret, for a message: the password of a URL or of a connection string, or a token by its form.
 * Undefined where there is none, where a variable gives it, and for placeholders.
 */
export function secretInValue(value: string): string | undefined {
  const text = value.trim();
  const form = [...tokenForms, ...addressForms].find(([pattern]) => pattern.test(text));
  if (form !== undefined) {
    return form[1];
  }
  return urlPassword(text) ?? connectionPassword(text);
}

/** Addresses at which a build has its own services: what is given to them opens nothing. */
const localAddress = /@(?:localhost|127\.|0\.0\.0\.0|\[::1\]|dummy|fake|example\.)/i;

/**
 * What of a word of a command is a secret: a token by its form, also within a URL, a header or a setting, or the password
 * of a URL. Undefined where there is none.
 */
export function secretInWord(word: string): string | undefined {
  const parts = word.split(/[\s"'=:@/]+/);
  const form =
    tokenForms.find(([pattern]) => parts.some((part) => pattern.test(part))) ??
    addressForms.find(([pattern]) => pattern.test(word));
  if (form !== undefined) {
    return form[1];
  }
  return localAddress.test(word) ? undefined : urlPassword(word);
}

function urlPassword(text: string): string | undefined {
  const start = /^(?:[a-z][a-z0-9+.-]*:)+\/\//i.exec(text)?.[0].length;
  if (start === undefined) {
    return undefined;
  }
  const authority = /^[^/?#\s]*/.exec(text.slice(start))?.[0] ?? '';
  const [user = '', ...rest] = authority.slice(0, Math.max(0, authority.lastIndexOf('@'))).split(':');
  const password = decoded(rest.join(':'));
  return isSecret(password) && password.toLowerCase() !== decoded(user).toLowerCase()
    ? 'the password of a URL'
    : undefined;
}

function connectionPassword(text: string): string | undefined {
  const password = connectionSetting.exec(text)?.[1]?.trim() ?? '';
  return isSecret(decoded(password)) ? 'the password of a connection' : undefined;
}

function isSecret(password: string): boolean {
  return password !== '' && !password.includes('$') && !placeholder.test(password);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
