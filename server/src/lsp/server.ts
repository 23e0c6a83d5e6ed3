import {
  type CodeAction,
  type CompletionItem,
  type CompletionList,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeResult,
  type InlayHint,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isOff } from '../engine/shell-checks.ts';
import { isForeignText } from '../project/dockerfile-name.ts';
import { nameOf } from '../project/paths.ts';
import { type ClientSupport, readClientSupport } from './client-support.ts';
import { codeActionKinds, codeActions } from './code-actions.ts';
import { completionOptions, createCompletion } from './completion.ts';
import { debounce } from './debounce.ts';
import { createDiagnostics, type DocumentReport, diagnosticSource, toReport } from './diagnostics.ts';
import type { ServerHost } from './host.ts';
import { createHover } from './hover.ts';
import { IgnoreFiles, isIgnoreFile } from './ignore-files.ts';
import { createImageLearning } from './image-learning.ts';
import { Log } from './log.ts';
import { type Environment, environmentNotification } from './messages.ts';
import { serveRuleSettings } from './rule-settings.ts';
import { createRunner, type Run } from './runner.ts';
import { type DocumentSettings, readEditorSettings, Settings } from './settings.ts';
import { createShellLearning } from './shell-learning.ts';
import { inlayHints } from './size-hints.ts';
import { type Snapshot, Snapshots } from './snapshots.ts';
import { createStandardFeatures } from './standard-features.ts';
import { createViews } from './views.ts';
import { watchProjectFiles } from './watching.ts';

/** What `initialize` may carry besides the protocol's own fields. */
interface InitializationOptions {
  readonly environment?: Environment;
  /** Settings of an editor that cannot be asked for them. */
  readonly settings?: unknown;
  /** The editor shows changes and the checklist by itself. */
  readonly views?: boolean;
}

/** Several build contexts are often measured within so many milliseconds; the editor asks once for all of them. */
const pause = 50;

/** Serves the language server protocol on a connection until it closes. */
export function startServer(connection: Connection, host: ServerHost): void {
  const log = new Log(connection.console);
  const run = createRunner(log, host.yieldToMessages);
  connection.onInitialize(({ capabilities, initializationOptions, workspaceFolders, rootUri }) => {
    const folders = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
    return serve(connection, host, log, run, {
      support: readClientSupport(capabilities, initializationOptions?.views === true),
      options: (initializationOptions ?? {}) as InitializationOptions,
      folders,
    });
  });
  connection.listen();
}

interface Client {
  readonly support: ClientSupport;
  readonly options: InitializationOptions;
  readonly folders: readonly string[];
}

/** Puts the parts together for one client. Everything that lives as long as the session is made here. */
function serve(
  connection: Connection,
  host: ServerHost,
  log: Log,
  run: Run,
  client: Client,
): InitializeResult {
  const { support } = client;
  let folders = client.folders;
  let environment = client.options.environment ?? {
    hasOtherDockerExtension: false,
    hasOtherBuildChecks: false,
    isTrusted: true,
  };
  let sentSettings = client.options.settings;

  const ask = (scopeUri?: string): Promise<unknown> =>
    support.configuration
      ? connection.workspace.getConfiguration({
          section: 'ballast',
          ...(scopeUri === undefined ? {} : { scopeUri }),
        })
      : Promise.resolve(sentSettings);

  const documents = new TextDocuments(TextDocument);
  const dockerfiles = {
    get(uri: string) {
      const document = isIgnoreFile(uri) ? undefined : documents.get(uri);
      return document !== undefined && isForeignText(nameOf(uri), document.getText()) ? undefined : document;
    },
  };
  const settings = new Settings(
    ask,
    host.findProjectFile,
    (uri) => host.findHadolintFile?.(uri, folders),
    () => environment.hasOtherBuildChecks,
    log,
  );
  const asksShell = ({ editor, config }: DocumentSettings): boolean =>
    environment.isTrusted === true && editor.enable && editor.shellCheck !== 'off' && !isOff(config);
  const snapshots = new Snapshots(dockerfiles, settings, host, () => folders, asksShell, log);
  const offersStandardFeatures = (choice: 'auto' | 'on' | 'off'): boolean =>
    choice === 'on' || (choice === 'auto' && !environment.hasOtherDockerExtension);
  const standard = createStandardFeatures({ connection, support, documents: dockerfiles, run, log });
  const ignoreFiles = new IgnoreFiles({
    documents,
    host,
    settings,
    support,
    workspaceFolders: () => folders,
  });
  const showsSyntax = ({ settings: { editor } }: Snapshot): boolean =>
    editor.enable && offersStandardFeatures(editor.standardFeatures);
  const reportDockerfile = async (uri: string): Promise<DocumentReport | undefined> => {
    const snapshot = await snapshots.of(uri);
    return snapshot && toReport(snapshot, support, showsSyntax(snapshot));
  };
  const diagnostics = createDiagnostics({
    connection,
    support,
    host,
    run,
    openDocuments: () => documents.keys(),
    report: (uri) => (isIgnoreFile(uri) ? ignoreFiles.report(uri) : reportDockerfile(uri)),
  });
  const openText = (uri: string) => {
    const document = documents.all().find((open) => comparable(open.uri) === comparable(uri));
    return document === undefined ? undefined : { version: document.version, text: document.getText() };
  };

  const asksOthers = ({ settings: { editor } }: Snapshot): boolean =>
    environment.isTrusted === true && editor.enable && editor.network === 'auto';
  const learning = createImageLearning({ host, snapshots, log, asksOthers });

  /** Has the editor ask again for everything that is shown. */
  const showAnew = (): void => {
    diagnostics.refresh();
    if (support.refreshInlayHints) {
      // As with diagnostics: whoever is shutting down answers with an error.
      connection.languages.inlayHint.refresh().catch(() => {});
    }
    views.refresh();
  };
  /** The same files, of which more is known. */
  const outdate = (): void => {
    snapshots.outdate();
    showAnew();
  };
  const shellLearning = createShellLearning({ host, snapshots, log, onLearned: outdate });
  const refresh = (): void => {
    settings.forget();
    snapshots.forget();
    ignoreFiles.forget();
    showAnew();
  };
  const filesChanged = (): void => {
    host.projectsChanged?.();
    refresh();
  };
  const offerEveryday = async (): Promise<void> => {
    const { enable, standardFeatures } = readEditorSettings(await ask(), log);
    await standard.offer(enable && offersStandardFeatures(standardFeatures));
  };
  const settingsChanged = (): void => {
    refresh();
    // The network, and ShellCheck, may be allowed from now on.
    for (const uri of documents.keys()) {
      learning.didChange(uri);
      shellLearning.didChange(uri);
    }
    offerEveryday().catch((error) => log.failure('Reading the settings', error));
  };

  documents.onDidOpen(({ document: { uri } }) => {
    // An editor that does not report changes of files gets a fresh look at them at least now.
    if (!support.watchedFiles) {
      settings.forget(uri);
    }
  });
  documents.onDidChangeContent(({ document: { uri } }) => {
    diagnostics.didChange(uri);
    learning.didChange(uri);
    shellLearning.didChange(uri);
  });
  documents.onDidSave(() => {
    if (!support.watchedFiles) {
      filesChanged();
    }
  });
  documents.onDidClose(({ document: { uri } }) => {
    settings.forget(uri);
    snapshots.didClose(uri);
    ignoreFiles.didClose(uri);
    diagnostics.didClose(uri);
    learning.didClose(uri);
    shellLearning.didClose(uri);
  });
  documents.listen(connection);

  connection.onCodeAction((params, token) =>
    run<CodeAction[]>('Code actions', token, [], async () => {
      const snapshot = await snapshots.of(params.textDocument.uri);
      return snapshot === undefined ? [] : codeActions(params, snapshot, support, openText);
    }),
  );
  const views = createViews({ connection, support, snapshots, run, openText, showAnew, asksOthers });
  serveRuleSettings({ connection, support, settings, run, openText });
  const hover = createHover({ support, host, standard, asksOthers });
  connection.onHover(({ textDocument, position }, token) =>
    run('Hover', token, null, async () => {
      if (isIgnoreFile(textDocument.uri)) {
        return ignoreFiles.hover(textDocument.uri, position);
      }
      const snapshot = await snapshots.of(textDocument.uri);
      return snapshot === undefined ? null : hover(snapshot, position, token);
    }),
  );

  const complete = createCompletion({ support, host, standard, asksOthers });
  connection.onCompletion(({ textDocument, position }, token) =>
    run<CompletionList | CompletionItem[]>('Completion', token, [], async () => {
      if (isIgnoreFile(textDocument.uri)) {
        return ignoreFiles.complete(textDocument.uri, position);
      }
      const snapshot = await snapshots.of(textDocument.uri);
      return snapshot === undefined ? [] : complete(snapshot, position, token);
    }),
  );
  connection.onCompletionResolve((item, token) =>
    run('Completion details', token, item, () => standard.resolveCompletion(item)),
  );
  connection.languages.inlayHint.on(({ textDocument, range }, token) =>
    run<InlayHint[]>('Inlay hints', token, [], async () => {
      const snapshot = await snapshots.of(textDocument.uri);
      return snapshot === undefined ? [] : inlayHints(snapshot, range);
    }),
  );

  connection.onDidChangeConfiguration(({ settings: sent }) => {
    sentSettings = sent?.ballast ?? sentSettings;
    settingsChanged();
  });
  connection.onNotification(environmentNotification, (changed: Environment) => {
    environment = changed;
    settingsChanged();
  });
  host.images.onDidLearn?.(refresh);
  host.onDidMeasure?.(debounce(host, pause, outdate));

  connection.onInitialized(() => {
    const failed = (error: unknown): void => log.failure('Registering with the editor', error);
    if (support.configurationChanges) {
      connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'ballast' })
        .catch(failed);
    }
    if (support.watchedFiles) {
      watchProjectFiles(connection, host, filesChanged).then(() => host.filesAreWatched?.(), failed);
    }
    if (support.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
        refresh();
      });
    }
    offerEveryday().catch(failed);
    log.info(`Ballast ${host.version} is ready.`);
  });

  return {
    serverInfo: { name: 'Ballast', version: host.version },
    capabilities: {
      ...standard.capabilities,
      ...views.capabilities,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: { codeActionKinds },
      hoverProvider: true,
      completionProvider: completionOptions,
      inlayHintProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      ...(support.pullDiagnostics
        ? {
            diagnosticProvider: {
              identifier: diagnosticSource,
              interFileDependencies: false,
              workspaceDiagnostics: false,
            },
          }
        : {}),
    },
  };
}

/** Editors differ in how they escape an address, and in the case of a drive letter. */
function comparable(uri: string): string {
  try {
    return decodeURIComponent(uri).replace(/^file:\/\/\/[a-zA-Z]:/, (drive) => drive.toLowerCase());
  } catch {
    return uri;
  }
}
