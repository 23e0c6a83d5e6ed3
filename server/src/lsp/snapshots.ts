import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type AnalysisInput, analyze } from '../engine/analyze.ts';
import { createKeptFindings, type KeptFindings } from '../engine/kept-findings.ts';
import { emptyReport, type Report, type RuleFailure } from '../engine/report.ts';
import { mayReadContext } from '../project/context.ts';
import { withTarget } from '../project/target.ts';
import { LineIndex } from '../text/lines.ts';
import type { DocumentProject, ServerHost } from './host.ts';
import type { Log } from './log.ts';
import type { DocumentSettings, Settings } from './settings.ts';

/** One version of a document with all that Ballast has to say about it. Everything that is shown comes from here. */
export interface Snapshot {
  /** Differs for every snapshot that was ever computed: it tells the editor whether diagnostics have changed. */
  readonly id: string;
  readonly uri: string;
  readonly version: number;
  readonly lines: LineIndex;
  readonly settings: DocumentSettings;
  readonly project: DocumentProject;
  readonly input: AnalysisInput;
  readonly report: Report;
}

/** Keeps the latest snapshot of each open document. */
export class Snapshots {
  private readonly documents: { get(uri: string): TextDocument | undefined };
  private readonly settings: Settings;
  private readonly host: ServerHost;
  private readonly workspaceFolders: () => readonly string[];
  private readonly asksShell: (settings: DocumentSettings) => boolean;
  private readonly log: Log;
  private readonly latest = new Map<string, Snapshot>();
  private readonly projects = new Map<string, DocumentProject>();
  private readonly kept = new Map<string, KeptFindings>();
  /** The stages that were chosen, by document; they are kept when it is closed. */
  private readonly chosen = new Map<string, { readonly target: string | undefined }>();
  private count = 0;

  constructor(
    documents: { get(uri: string): TextDocument | undefined },
    settings: Settings,
    host: ServerHost,
    workspaceFolders: () => readonly string[],
    /** True where what ShellCheck says is wanted, and it may be started. */
    asksShell: (settings: DocumentSettings) => boolean,
    log: Log,
  ) {
    this.documents = documents;
    this.settings = settings;
    this.host = host;
    this.workspaceFolders = workspaceFolders;
    this.asksShell = asksShell;
    this.log = log;
  }

  /** The snapshot of a document as it is now; undefined when it is not open. */
  async of(uri: string): Promise<Snapshot | undefined> {
    const [settings, shell] = await Promise.all([this.settings.of(uri), this.host.loadShellParser()]);
    // Only now: the document may have changed while the settings were asked for.
    const document = this.documents.get(uri);
    if (document === undefined) {
      return undefined;
    }
    const known = this.latest.get(uri);
    if (known !== undefined && known.version === document.version && known.settings === settings) {
      return known;
    }
    const project = this.projectOf(uri, settings);
    const text = document.getText();
    const kept = this.kept.get(uri) ?? createKeptFindings();
    this.kept.set(uri, kept);
    const snapshot = this.take(uri, text, document.version, settings, project, shell, kept);
    this.latest.set(uri, snapshot);
    // After the analysis: the first answer does not wait for the figures.
    if (settings.editor.enable && mayReadContext(text)) {
      project.measure?.();
    }
    return snapshot;
  }

  /** A snapshot of a file that is not open, with what its build context weighs. It is not kept. */
  async ofText(uri: string, text: string): Promise<Snapshot> {
    const [settings, shell] = await Promise.all([this.settings.of(uri), this.host.loadShellParser()]);
    const opened = this.host.openProject(uri, this.workspaceFolders(), settings.buildContexts);
    try {
      const project =
        settings.editor.enable && mayReadContext(text)
          ? await opened.measured?.(opened.project)
          : opened.project;
      return this.take(uri, text, 0, settings, { ...opened, project: project ?? opened.project }, shell);
    } finally {
      opened.close?.();
      this.settings.forget(uri);
    }
  }

  /** Takes a stage of a document as what ships, until another one is chosen; `undefined` gives the default back. */
  choose(uri: string, choice: { readonly target: string | undefined } | undefined): void {
    if (choice === undefined) {
      this.chosen.delete(uri);
    } else {
      this.chosen.set(uri, choice);
    }
    this.latest.delete(uri);
    this.kept.delete(uri);
  }

  /** Has everything computed anew from the same files: more is known of images or of the build context. */
  outdate(): void {
    this.latest.clear();
    this.kept.clear();
  }

  /** Forgets what was computed for all documents, and looks for their projects anew. */
  forget(): void {
    this.latest.clear();
    this.kept.clear();
    this.projects.clear();
  }

  didClose(uri: string): void {
    this.latest.delete(uri);
    this.kept.delete(uri);
    this.projects.get(uri)?.close?.();
    this.projects.delete(uri);
  }

  private take(
    uri: string,
    text: string,
    version: number,
    settings: DocumentSettings,
    project: DocumentProject,
    shell: AnalysisInput['shell'],
    kept?: KeptFindings,
  ): Snapshot {
    const { shellCheck } = this.host;
    const choice = this.chosen.get(uri);
    const input = {
      text,
      ...(shellCheck !== undefined && this.asksShell(settings) ? { shellChecks: shellCheck } : {}),
      project: choice === undefined ? project.project : withTarget(project.project, choice.target),
      images: this.host.images,
      shell,
      config: settings.config,
      today: this.host.today(),
      watch: this.host.watch,
      onFailure: ({ rule, error }: RuleFailure) => this.log.failure(`Rule ${rule}`, error),
    };
    const report = settings.editor.enable ? analyze(input, kept) : emptyReport;
    return {
      id: String(++this.count),
      uri,
      version,
      lines: new LineIndex(text),
      settings,
      project,
      input,
      report,
    };
  }

  private projectOf(uri: string, { buildContexts }: DocumentSettings): DocumentProject {
    let project = this.projects.get(uri);
    if (project === undefined) {
      project = this.host.openProject(uri, this.workspaceFolders(), buildContexts);
      this.projects.set(uri, project);
    }
    return project;
  }
}
