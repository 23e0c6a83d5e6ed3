/** What the client and the server have to agree on. The client imports this file, so it imports nothing. */

/**
 * The documents that Ballast reads: files, new documents, and the files of virtual workspaces, of which the text alone
 * is checked. Left out are the old versions in a diff and whatever else another extension shows as a Dockerfile.
 */
const schemes = ['file', 'untitled', 'vscode-vfs'];
export const dockerfileSelector = schemes.map((scheme) => ({ language: 'dockerfile', scheme }));
export const ignoreFileSelector = schemes.map((scheme) => ({
  pattern: '**/*.{dockerignore,containerignore}',
  scheme,
}));

/** What the client knows of the editor and the server cannot: sent in `initialize` and whenever it changes. */
export interface Environment {
  /** Another installed extension offers the standard Dockerfile features. */
  readonly hasOtherDockerExtension: boolean;
  /** Another installed extension shows what `docker build --check` says. */
  readonly hasOtherBuildChecks: boolean;
  /** False in Restricted Mode: the server then asks nobody outside of this machine. */
  readonly isTrusted: boolean;
}

export const environmentNotification = 'ballast/environment';

/** One fix of one finding, as the editor names it to the server. */
export interface FixName {
  readonly rule: string;
  /** Where the finding starts. */
  readonly offset: number;
  readonly title: string;
}

/** Changes to be shown before they are made: one fix, a path left out of the build context, or everything worth changing. */
export interface ChangeRequest {
  readonly uri: string;
  readonly fix?: FixName;
  /** The path of the build context that is to be left out of it. */
  readonly exclude?: string;
  /** The one rule of which everything is to be fixed. */
  readonly onlyRule?: string;
  /** The rules of which something may be changed; all where it is missing. */
  readonly only?: readonly string[];
}

/** What is changed for one rule, in plain words. */
export interface ChangeItem {
  readonly rule: string;
  readonly title: string;
  /** Reason and assumptions on one line. */
  readonly detail: string;
  /** It changes how the file is written and nothing of the image. */
  readonly isTidying: boolean;
  /** Where it begins in what is shown; undefined for one that is not made. */
  readonly place?: ChangePlace;
  /** Why, and what was taken for granted: a sentence or a few each. */
  readonly reason: string;
  readonly assumptions: readonly string[];
}

/** A line, counted from 0, of one of the files that are changed. */
export interface ChangePlace {
  readonly uri: string;
  readonly line: number;
}

export interface ChangePreview {
  /** Version of the document that the changes are made for. */
  readonly version: number;
  /** One line: what it saves, and the size before and after. */
  readonly title: string;
  readonly items: readonly ChangeItem[];
  /** What could be changed as well, for rules that were not asked for. */
  readonly offered: readonly ChangeItem[];
  /** What is left as it is, and why, a line each. */
  readonly left: readonly string[];
  readonly files: readonly { readonly uri: string; readonly isNew: boolean; readonly after: string }[];
}

/** Asks for a `ChangePreview`; null for a document that is not open, or a fix that is no longer there. */
export const previewRequest = 'ballast/preview';

/** Makes the changes of a `ChangeRequest` with the version they were shown for; answers whether they were made. */
export const applyRequest = 'ballast/apply';

export interface ChecklistView {
  /** One line: how much is done, and the size. */
  readonly title: string;
  readonly items: readonly {
    readonly title: string;
    readonly state: 'done' | 'open' | 'unknown' | 'not-applicable';
    readonly evidence: string;
    /** Line from 0, where there is a place to look at. */
    readonly line?: number;
    readonly fix?: FixName;
  }[];
}

/** Asks for the `ChecklistView` of a document; null for one that is not open. */
export const checklistRequest = 'ballast/checklist';

/** What can be said of a Dockerfile in one line. */
export interface FileSummary {
  /** What the image takes on disk; `not known` where that is so. */
  readonly size: string;
  /** What it would take after slimming; undefined where that is no other figure. */
  readonly slimmed?: string;
  /** Bytes that slimming saves for certain, and those that the image takes at least, to sort by. */
  readonly saving: number;
  readonly weight: number;
  /** Both sizes in full, and how much of the checklist is done. */
  readonly detail: string;
  readonly checklist: string;
  readonly findings: number;
  /** Month or day of the figures, where nobody is asked for newer ones. */
  readonly offlineSince?: string;
  /** Why the project file is not used as it stands. */
  readonly projectFileProblem?: string;
  /** Ballast is switched off for this file. */
  readonly isOff: boolean;
}

/** Asks for the `FileSummary` of a `SummaryRequest`; null for a file that is no Dockerfile. */
export const summaryRequest = 'ballast/summary';

export interface SummaryRequest {
  readonly uri: string;
  /** The text of a file that is not open. */
  readonly text?: string;
}

/** What makes up the image of a Dockerfile, drawn. */
export interface WeightView {
  /** Plain text. */
  readonly title: string;
  readonly styles: string;
  /** HTML without script. What leads to a line has it in `data-line`, counted from 0. */
  readonly body: string;
}

/** Asks for the `WeightView` of a `WeightRequest`; null for a document that is not open, or in which Ballast is off. */
export const weightRequest = 'ballast/weight';

export interface WeightRequest {
  readonly uri: string;
  /** The file as people see it. */
  readonly name: string;
}

/** Asks for the page of a rule as markdown; null for a rule that does not exist. */
export const rulePageRequest = 'ballast/rulePage';

/** Every rule, with what a project and the settings of the editor make of it. */
export interface RulesView {
  /** Path of the project file that takes part. */
  readonly projectFile?: string;
  readonly rules: readonly {
    readonly id: string;
    readonly summary: string;
    /** The severity that the rule has by itself, or `off`. */
    readonly own: string;
    readonly now: string;
    readonly isInProjectFile: boolean;
  }[];
}

/** Asks for the `RulesView` of a document, which need not be open. */
export const rulesRequest = 'ballast/rules';

export interface RulesRequest {
  readonly uri: string;
}

/** Gives a rule a severity in the project file of a document; answers whether that was done. */
export const configureRuleRequest = 'ballast/configureRule';

export interface ConfigureRuleRequest {
  readonly uri: string;
  readonly rule: string;
  /** Missing for the rule's own. */
  readonly severity?: string;
  /** Address of the project file to create where there is none. */
  readonly newFile?: string;
}

/** The stages of a Dockerfile that an image can be built of. */
export interface StagesView {
  readonly stages: readonly {
    /** Missing for a last stage without a name. */
    readonly name?: string;
    /** Counted from 0. */
    readonly line: number;
    readonly size: string;
    /** The figures and the checklist are about it. */
    readonly isChosen: boolean;
    /** It is the one that is spoken of where nobody chooses. */
    readonly isDefault: boolean;
    /** A Compose or Bake file says so. */
    readonly isNamedByBuild: boolean;
  }[];
}

/** Asks for the `StagesView` of a document; null for one that is not open. */
export const stagesRequest = 'ballast/stages';

/** Has everything that is said of a document be about one of its stages, until the server ends. */
export const chooseStageNotification = 'ballast/chooseStage';

export interface ChosenStage {
  readonly uri: string;
  /** The default where it is missing. */
  readonly choice?: {
    /** The last stage where it is missing. */
    readonly name?: string;
  };
}

/** Commands of the editor that code lenses and code actions name. */
export const commands = {
  slim: 'ballast.slim',
  showChecklist: 'ballast.showChecklist',
  showWeight: 'ballast.showWeight',
  chooseStage: 'ballast.chooseStage',
  showFix: 'ballast.showFix',
  fixRule: 'ballast.fixRule',
  exclude: 'ballast.exclude',
  explain: 'ballast.explain',
  turnOff: 'ballast.turnOff',
} as const;
