import { DockerfileLanguageServiceFactory } from 'dockerfile-language-service';
import { DockerAssist } from 'dockerfile-language-service/lib/dockerAssist.js';
import type { DockerRegistryClient } from 'dockerfile-language-service/lib/dockerRegistryClient.js';
import {
  BulkRegistration,
  type BulkUnregistration,
  type CompletionItem,
  type Connection,
  DefinitionRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  type Hover,
  type Position,
  type Range,
  RenameRequest,
  type ServerCapabilities,
  SignatureHelpRequest,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientSupport } from './client-support.ts';
import type { Log } from './log.ts';
import { dockerfileSelector } from './messages.ts';
import { readableText } from './readable-text.ts';
import type { Run } from './runner.ts';

/**
 * The Dockerfile features that every editor has, from dockerfile-language-service. Left out on purpose: its validation
 * (Ballast's own parser reports what BuildKit refuses, and is right about heredocs and new flags), its formatting (it
 * strips the bodies of heredocs, changes the text of strings that span lines, and flattens the indentation of
 * continued lines), its semantic tokens (their cost grows with the square of the file, and they would paint over the
 * shell text that the grammar colours), and its look-ups of tags on Docker Hub (Ballast does not use the network
 * unasked).
 */
export interface StandardFeatures {
  /** What is announced in `initialize`: whatever the editor cannot be told of later. */
  readonly capabilities: ServerCapabilities;
  /** Starts or stops offering the features. */
  offer(isOn: boolean): Promise<void>;
  /** False where another extension offers the features, or they are switched off. */
  isOffered(): boolean;
  /** What may be written at a position; nothing where the features are off. */
  complete(text: string, position: Position): CompletionItem[];
  /** Adds the explanation of an item. */
  resolveCompletion(item: CompletionItem): CompletionItem;
  /** What is known of the word at a position; null where nothing is, or where the features are off. */
  hover(text: string, position: Position): Hover | null;
}

export interface EverydayOptions {
  readonly connection: Connection;
  readonly support: ClientSupport;
  readonly documents: { get(uri: string): TextDocument | undefined };
  readonly run: Run;
  readonly log: Log;
}

/** The library compares every instruction with every other for these; the longest public Dockerfile has 1,973 lines. */
const maxLinesToCompare = 3000;

const registrations = [
  {
    type: SignatureHelpRequest.type,
    name: 'signatureHelp',
    provider: 'signatureHelpProvider',
    options: { triggerCharacters: ['-', '[', ',', '"', ' ', '='] },
  },
  { type: FoldingRangeRequest.type, name: 'foldingRange', provider: 'foldingRangeProvider', options: {} },
  {
    type: DocumentSymbolRequest.type,
    name: 'documentSymbol',
    provider: 'documentSymbolProvider',
    options: {},
  },
  { type: DefinitionRequest.type, name: 'definition', provider: 'definitionProvider', options: {} },
  {
    type: DocumentHighlightRequest.type,
    name: 'documentHighlight',
    provider: 'documentHighlightProvider',
    options: {},
  },
  { type: DocumentLinkRequest.type, name: 'documentLink', provider: 'documentLinkProvider', options: {} },
  {
    type: RenameRequest.type,
    name: 'rename',
    provider: 'renameProvider',
    options: { prepareProvider: true },
  },
] as const;

export function createStandardFeatures({
  connection,
  support,
  documents,
  run,
  log,
}: EverydayOptions): StandardFeatures {
  const service = DockerfileLanguageServiceFactory.createLanguageService();
  const { textDocument = {} } = support.capabilities;
  service.setCapabilities(textDocument);
  let isOn = false;

  /** What the library says; `empty` where it throws, as it does on some half-typed text: the rest of an answer stays. */
  const attempt = <T>(name: string, empty: T, feature: () => T): T => {
    try {
      return feature();
    } catch (error) {
      log.warn(`${name} of the standard features is left out: ${error}`);
      return empty;
    }
  };
  /** Runs a feature on the text of a document. */
  const answer = <T>(
    name: string,
    { uri, empty, token }: { uri: string; empty: T; token: Parameters<Run>[1] },
    feature: (text: string) => T,
  ) =>
    run<T>(name, token, empty, () => {
      const document = isOn ? documents.get(uri) : undefined;
      return document === undefined
        ? empty
        : attempt(name, empty, () => feature(readableText(document.getText())));
    });

  connection.onSignatureHelp(({ textDocument: { uri }, position }, token) =>
    answer('Signature help', { uri, empty: null, token }, (text) =>
      service.computeSignatureHelp(text, position),
    ),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }, token) =>
    answer('Folding', { uri, empty: [], token }, (text) => service.computeFoldingRanges(text)),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    answer('Outline', { uri, empty: [], token }, (text) => service.computeSymbols({ uri }, text)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answer('Definition', { uri, empty: null, token }, (text) =>
      isComparable(text) ? service.computeDefinition({ uri }, text, position) : null,
    ),
  );
  connection.onDocumentHighlight(({ textDocument: { uri }, position }, token) =>
    answer('Highlights', { uri, empty: [], token }, (text) =>
      isComparable(text) ? service.computeHighlightRanges(text, position) : [],
    ),
  );
  connection.onDocumentLinks(({ textDocument: { uri } }, token) =>
    answer('Links', { uri, empty: [], token }, (text) =>
      service.computeLinks(text).map((link) => service.resolveLink(link)),
    ),
  );
  connection.onPrepareRename(({ textDocument: { uri }, position }, token) =>
    answer<Range | null>('Rename', { uri, empty: null, token }, (text) =>
      isComparable(text) ? service.prepareRename(text, position) : null,
    ),
  );
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }, token) =>
    answer('Rename', { uri, empty: null, token }, (text) => {
      const document = documents.get(uri);
      if (document === undefined || !isComparable(text)) {
        return null;
      }
      const edits = service.computeRename({ uri }, text, position, newName);
      return { documentChanges: [{ textDocument: { uri, version: document.version }, edits }] };
    }),
  );

  let registered: BulkUnregistration | undefined;
  let last = Promise.resolve();
  const apply = async (wanted: boolean): Promise<void> => {
    isOn = wanted;
    if (!wanted) {
      registered?.dispose();
      registered = undefined;
    } else if (registered === undefined) {
      const bulk = BulkRegistration.create();
      for (const { type, name, options } of registrations) {
        if (isDynamic(support, name)) {
          bulk.add(type as never, { documentSelector: dockerfileSelector, ...options } as never);
        }
      }
      registered = await connection.client.register(bulk);
    }
  };
  return {
    capabilities: Object.fromEntries(
      registrations
        .filter(({ name }) => !isDynamic(support, name))
        .map(({ provider, options }) => [provider, options]),
    ),
    offer(wanted) {
      last = last.then(() => apply(wanted)).catch((error) => log.failure('Registering features', error));
      return last;
    },
    isOffered: () => isOn,
    complete(text, position) {
      if (!isOn) {
        return [];
      }
      const document = TextDocument.create('', 'dockerfile', 0, readableText(text));
      const assist = new DockerAssist(document, noTags, textDocument.completion?.completionItem ?? {});
      // Only a look-up of tags would make it wait.
      const items = attempt('Completion', [], () => assist.computeProposals(position));
      return Array.isArray(items) ? items : [];
    },
    // Only what came from the library has a note for it in `data`.
    resolveCompletion: (item) => (item.data === undefined ? item : service.resolveCompletionItem(item)),
    hover(text, position) {
      return isOn && isComparable(text)
        ? attempt('Hover', null, () => service.computeHover(readableText(text), position))
        : null;
    },
  };
}

/** Stands where the library would ask Docker Hub. */
const noTags = { getTags: async () => [] } as unknown as DockerRegistryClient;

function isDynamic({ capabilities }: ClientSupport, name: (typeof registrations)[number]['name']): boolean {
  return capabilities.textDocument?.[name]?.dynamicRegistration === true;
}

function isComparable(text: string): boolean {
  return text.split('\n', maxLinesToCompare).length < maxLinesToCompare;
}
