import { secretInValue } from './secret-in-value.ts';

/** Texts that are secrets whatever the file is called. */
const contents: readonly (readonly RegExp[])[] = [
  [/-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/],
  [/PuTTY-User-Key-File-\d/],
  [/aws_secret_access_key\s{0,3}=\s{0,3}["']?[A-Za-z0-9/+]{16,}/i],
  // OAuth clients of Google.
  [/"(?:installed|web)"\s{0,5}:\s{0,5}\{/, /"client_secret"\s{0,5}:\s{0,5}"[^"$<]{8,}"/],
  // The credentials of a person, as gcloud keeps them, and the saved tokens of OAuth clients.
  [/"refresh_token"\s{0,5}:\s{0,5}"[^"$<\s]{20,}"/, /"(?:client_secret|access_token|token_uri)"\s{0,5}:/],
  // kubectl
  [/^kind:\s{0,5}["']?Config\b/m, /^\s{0,20}(?:client-key-data|token|password):\s{0,5}["']?[^\s"'$<]{8,}/m],
  // docker login
  [/"auths"\s{0,5}:/, /"(?:auth|identitytoken)"\s{0,5}:\s{0,5}"[^"$<]{4,}"/],
  // NuGet, Maven
  [/key="ClearTextPassword"\s{1,5}value="(?!%)[^"]{3,}"/],
  [/<server>/, /<password>(?!\s{0,9}[${])[^<]{3,}<\/password>/],
  [/_authToken\s{0,3}=\s{0,3}(?!["']?\$)\S{8,}/],
  [/^\s{0,20}npmAuthToken:\s{0,5}["']?(?!\$)[^\s"'$]{8,}/m],
];

/** Settings of installers whose value is the address of a package index. */
const indexSetting = /^\s{0,20}(?:extra-)?(?:index-url|find-links|registry|url)\s{0,3}[=:]\s{0,3}(\S+)/gm;

/** True for a text that holds a key, a token or a password, by its content alone. */
export function isSecretContent(text: string): boolean {
  return (
    contents.some((patterns) => patterns.every((pattern) => pattern.test(text))) ||
    [...text.matchAll(indexSetting)].some(([, value = '']) => secretInValue(value) !== undefined)
  );
}

/** Files that are read for it: settings and keys, by their ending, or without one; and no larger than this, in bytes. */
const readName =
  /(?:^|\/)[^/.][^/.]*$|\.(?:json|pem|key|crt|cer|asc|gpg|txt|ya?ml|conf|cfg|ini|config|xml|toml|properties|npmrc|yarnrc|netrc|pypirc|rc|creds?|credentials|secret|token|p8|pk8|b64|bak|old)$|(?:^|\/)\.[^/.]+$/i;
const notRead =
  /(?:^|\/)(?:package|package-lock|npm-shrinkwrap|tsconfig[^/]*|composer|angular|nx|turbo|deno|jsr|project|launchSettings)\.json$|(?:^|\/)(?:pom\.xml|pnpm-lock\.yaml|Cargo\.toml|pyproject\.toml|LICEN[CS]E|Makefile|Dockerfile|README|robots\.txt|requirements[^/]*\.txt)$/i;
export const maxSecretBytes = 32_000;

/** True for a file whose text is worth a look: its name may be that of settings or of a key. */
export function mayHoldSecret(path: string): boolean {
  return readName.test(path) && !notRead.test(path);
}
