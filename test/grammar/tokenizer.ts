import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';

const require = createRequire(import.meta.url);

interface GrammarContribution {
  readonly language?: string;
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
  readonly embeddedLanguages?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  contributes: { grammars: GrammarContribution[] };
};

/** The grammars that the manifest contributes. */
export const contributions: readonly GrammarContribution[] = manifest.contributes.grammars;

/** VS Code's own grammars, by root scope, as the package tm-grammars republishes them. */
const hostGrammars: Readonly<Record<string, string>> = {
  'source.dockerfile': 'docker',
  'source.shell': 'shellscript',
  'source.python': 'python',
  'source.js': 'javascript',
  'source.perl': 'perl',
  'source.ruby': 'ruby',
  'source.json': 'json',
  'source.yaml': 'yaml',
  'source.ini': 'ini',
  'source.sql': 'sql',
};

/** All of VS Code's grammar for the language `ignore`; tm-grammars does not have it. */
const ignoreHost = {
  scopeName: 'source.ignore',
  patterns: [{ match: '^#.*', name: 'comment.line.number-sign.ignore' }],
};

/** A registry in which Ballast's grammars are injected as VS Code does it, by the manifest. */
export function createRegistry(): textmate.Registry {
  return new textmate.Registry({
    onigLib: loadOniguruma(),
    loadGrammar: async (scopeName) => grammar(scopeName),
    getInjections: (scopeName) =>
      contributions
        .filter(({ injectTo }) => injectTo?.includes(scopeName))
        .map((injection) => injection.scopeName),
  });
}

/** The grammar with numbered embedded languages: their number shows in the metadata of `tokenizeLine2`. */
export async function loadWithLanguages(scopeName: string, languages: readonly string[]): Promise<IGrammar> {
  const embedded: Record<string, number> = {};
  for (const contribution of contributions) {
    if (contribution.injectTo?.includes(scopeName)) {
      for (const [scope, language] of Object.entries(contribution.embeddedLanguages ?? {})) {
        embedded[scope] = languages.indexOf(language) + 2;
      }
    }
  }
  const loaded = await createRegistry().loadGrammarWithEmbeddedLanguages(scopeName, 1, embedded);
  if (loaded === null) {
    throw new Error(`No grammar for ${scopeName}`);
  }
  return loaded;
}

function grammar(scopeName: string): IRawGrammar | null {
  const own = contributions.find((contribution) => contribution.scopeName === scopeName);
  if (own !== undefined) {
    return readGrammar(new URL(`../../${own.path}`, import.meta.url));
  }
  if (scopeName === ignoreHost.scopeName) {
    return textmate.parseRawGrammar(JSON.stringify(ignoreHost), 'ignore.json');
  }
  const host = hostGrammars[scopeName];
  return host === undefined ? null : readGrammar(require.resolve(`tm-grammars/grammars/${host}.json`));
}

function readGrammar(file: URL | string): IRawGrammar {
  return textmate.parseRawGrammar(readFileSync(file, 'utf8'), String(file));
}

let engine: Promise<textmate.IOnigLib> | undefined;

function loadOniguruma(): Promise<textmate.IOnigLib> {
  engine ??= (async () => {
    const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
    await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
    return {
      createOnigScanner: (sources: string[]) => new oniguruma.OnigScanner(sources),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    };
  })();
  return engine;
}
