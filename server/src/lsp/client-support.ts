import { type ClientCapabilities, CompletionItemTag } from 'vscode-languageserver';

/** What the editor at the other end can do, read once from its capabilities. */
export interface ClientSupport {
  readonly capabilities: ClientCapabilities;
  readonly configuration: boolean;
  readonly configurationChanges: boolean;
  readonly watchedFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  /** Versioned edits. */
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  /** Edits that are shown for confirmation before they are made. */
  readonly changeAnnotations: boolean;
  readonly markdownHover: boolean;
  /** Notes beside the words of a completion. */
  readonly completionLabelDetails: boolean;
  /** Words of a completion that are struck through. */
  readonly deprecatedCompletions: boolean;
  readonly refreshInlayHints: boolean;
  readonly refreshCodeLenses: boolean;
  /** The editor has commands that show changes, and the checklist, by itself. */
  readonly views: boolean;
}

export function readClientSupport(capabilities: ClientCapabilities, views = false): ClientSupport {
  const { workspace, textDocument } = capabilities;
  const edit = workspace?.workspaceEdit;
  const completionItem = textDocument?.completion?.completionItem;
  const diagnostics = { ...textDocument?.publishDiagnostics, ...textDocument?.diagnostic };
  return {
    capabilities,
    configuration: workspace?.configuration === true,
    configurationChanges: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: diagnostics.relatedInformation === true,
    codeDescription: diagnostics.codeDescriptionSupport === true,
    documentChanges: edit?.documentChanges === true,
    createFiles: edit?.documentChanges === true && edit.resourceOperations?.includes('create') === true,
    changeAnnotations: edit?.documentChanges === true && edit.changeAnnotationSupport !== undefined,
    refreshCodeLenses: workspace?.codeLens?.refreshSupport === true,
    views,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') ?? true,
    completionLabelDetails: completionItem?.labelDetailsSupport === true,
    deprecatedCompletions:
      completionItem?.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated) === true,
    refreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
  };
}
