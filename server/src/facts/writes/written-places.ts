import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Stage } from '../../model/dockerfile.ts';
import type { Variables } from '../../model/expansion.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { directoryOf, foldersUp, joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type { AnalysisContext } from '../context.ts';
import { deployment, unbuiltServices } from '../deployment/deployment.ts';
import { programFolderOf } from '../installs/install-order.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import { baseName, baseTraits } from '../stage.ts';
import { deployedCommands, deployedInstall } from '../start/deployed-start.ts';
import { contextFolder } from '../start/image-file.ts';
import type { Language } from '../start/programs.ts';
import { startWork } from '../start/start-work.ts';
import { languageOfCommand, startedProcess, startedSoFar } from '../start/started-process.ts';
import { syncsAtStart } from '../start/uv-run.ts';
import { dockerfileWrites } from './dockerfile-writes.ts';
import { frameworkFolders } from './frameworks.ts';
import type { WrittenPlace } from './place.ts';
import { madeData } from './run-writes.ts';
import { settingsWrites } from './settings-writes.ts';
import { opensDevices } from './sources/root-devices.ts';
import { runsInContainer, sourceWrites } from './sources/source-writes.ts';
import { sourcesOfLanguage } from './sources/sources-of-language.ts';
import { isShellTool, startWrites } from './start-writes.ts';
import { writesOfStarted } from './started-programs.ts';

/** What was found of the places that a program writes to, and what of it could not be read. */
export interface WriteSurvey {
  readonly places: readonly WrittenPlace[];
  readonly evidence: readonly Evidence[];
  /** What could not be read or understood, a sentence each without a stop. */
  readonly missing: readonly string[];
  /** True where the program is seen to write to a place that is not plain to see. */
  readonly isHidden: boolean;
  /** What was looked at, in a few words for people: `12 sources, 3 files of settings`; empty where nothing was. */
  readonly looked: string;
}

/** Programs that write nothing whatever they are told. */
const writesNothing = /^(?:serve|http-server|sirv|sirv-cli|sleep|wait|tail|cat|true)$/;

/** The places that the program of a stage writes to; unknown where a source or script could not be read. */
export function writtenPlaces(context: AnalysisContext, stage: Stage): Known<readonly WrittenPlace[]> {
  const { places, evidence, missing } = surveyWrites(context, stage);
  const [why] = missing;
  return why === undefined ? known(places, ...evidence) : unknown(why, ...evidence);
}

const surveys = memoizeFor((context: AnalysisContext) =>
  memoizeFor((stage: Stage): WriteSurvey => new Survey(context, stage).make()),
);

/** Everything that was found, also where it is not all: what a sketch is made of. */
export function surveyWrites(context: AnalysisContext, stage: Stage): WriteSurvey {
  return surveys(context)(stage);
}

class Survey {
  private readonly places: WrittenPlace[] = [];
  private readonly evidence: Evidence[] = [];
  private readonly missing: string[] = [];
  private isHidden = false;
  private countedElsewhere: readonly string[] = [];
  private readonly counts = { sources: 0, settings: 0 };
  private readonly surveyed = new Set<Language>();
  private readonly context: AnalysisContext;
  private readonly project: Project;
  private readonly stage: Stage;
  private readonly workdir: ImagePath;
  /** The folder that the program runs in: a package of the project, where a script changes into it. */
  private folder: ImagePath;
  /** What the container is started with. */
  private readonly environment: Variables;

  constructor(context: AnalysisContext, stage: Stage) {
    this.context = context;
    this.project = context.project;
    this.stage = stage;
    this.workdir = stage.end.workdir ?? '/';
    this.folder = this.workdir;
    this.environment = new Map([
      ...stage.end.environment,
      ...deployment(context.project).flatMap((one) => Object.entries(one.environment)),
    ]);
  }

  make(): WriteSurvey {
    const started = startedProcess(this.context, this.stage);
    if (started.state === 'unknown') {
      this.missing.push(started.why);
    }
    const installed = [
      syncsAtStart(this.context, this.stage),
      deployedInstall(this.context, this.stage),
    ].filter((one) => one !== undefined);
    this.missing.push(...installed);
    this.addCommands();
    this.addModuleCache();
    if (this.project.isKnown) {
      this.addProject();
    } else {
      this.missing.push('the files of the project are not at hand');
    }
    const environment = new Map(this.environment);
    for (const name of this.countedElsewhere) {
      environment.delete(name);
    }
    this.places.unshift(...dockerfileWrites(this.context.dockerfile, this.stage, environment));
    if (this.project.isKnown) {
      this.addDeployment();
    }
    this.addMadeData();
    return {
      places: this.places,
      evidence: this.evidence,
      missing: this.missing,
      looked: this.looked(),
      isHidden: this.isHidden,
    };
  }

  private looked(): string {
    const { sources, settings } = this.counts;
    return [
      sources === 0 ? '' : sources === 1 ? 'its one source' : `its ${sources} sources`,
      settings === 0 ? '' : settings === 1 ? 'one file of settings' : `${settings} files of settings`,
    ]
      .filter((one) => one !== '')
      .join(' and ');
  }

  private put(place: WrittenPlace, evidence: Evidence): void {
    this.places.push(place);
    this.evidence.push(evidence);
  }

  private addCommands(): void {
    const commands = [
      ...startedSoFar(this.context, this.stage),
      ...deployedCommands(this.context, this.stage),
    ];
    for (const command of commands) {
      for (const { path, isFile, where } of startWrites(this.context, this.stage, command)) {
        const name = baseName(command.words[0] ?? '');
        if (path === undefined) {
          this.missing.push(`where \`${name}\` of ${where} writes is not plain to see`);
        } else {
          this.put({ path, isFile }, { says: `${where} writes to ${path}`, at: command.at });
        }
      }
    }
  }

  /** Deno compiles into the folder that a RUN has filled as root; in its image that folder belongs to the user deno. */
  private addModuleCache(): void {
    const filled = commandSteps(this.stage).find(
      ({ command, step }) => command.name === 'deno' && /^(?:root|0)(?::|$)/.test(step.before.user ?? 'root'),
    );
    if (filled !== undefined && baseTraits(this.stage, this.context.images)?.family === 'deno') {
      const path = this.environment.get('DENO_DIR')?.replace(/(?<=.)\/$/, '') ?? '/deno-dir';
      const at = { kind: 'dockerfile' as const, span: filled.step.instruction.keywordSpan };
      this.put({ path, isFile: false, isTree: true }, { says: `Deno keeps what it compiles in ${path}`, at });
    }
  }

  /** What a service or workload puts over folders of the image, once it is known where the program writes. */
  private addDeployment(): void {
    for (const { mounts, evidence, privilege, user } of deployment(this.project)) {
      if (privilege !== undefined && user === undefined) {
        this.missing.push(`${evidence.says} with ${privilege}, which root alone may use`);
      }
      for (const { path, kind } of mounts) {
        const isWritten = this.places.some((one) => `${one.path}/`.startsWith(`${path}/`));
        if (kind === 'volume' && path !== this.workdir && path !== '/') {
          const says = `${evidence.says}, with a volume at ${path}`;
          this.put({ path, isFile: false, isTree: true }, { says, at: evidence.at });
        } else if (kind === 'claim') {
          // Nobody claims a volume to read from it alone, and the pod says who it belongs to.
          this.missing.push(
            `${evidence.says} with a volume at ${path}, and who may write there is for \`fsGroup\` to say, which is not set`,
          );
        } else if (kind === 'bind' && isWritten) {
          this.missing.push(
            `${evidence.says} with a folder of its own at ${path}, and who may write there is decided elsewhere`,
          );
        }
      }
    }
    // What a service of an unknown image puts over a folder of the program may be put over this one.
    for (const { mounts, evidence } of unbuiltServices(this.project)) {
      for (const { path, kind } of mounts) {
        const isOwn = this.workdir !== '/' && path.startsWith(`${this.workdir}/`);
        const isWritten = this.places.some((one) => `${one.path}/`.startsWith(`${path}/`));
        if (isOwn && isWritten && (kind === 'bind' || kind === 'claim')) {
          this.missing.push(
            `${evidence.says} with a folder of its own at ${path}, and who may write there is decided elsewhere`,
          );
        }
      }
    }
  }

  private addProject(): void {
    const copied = this.programFolder();
    const languages = this.languages(copied ?? '');
    if (copied === undefined) {
      this.missing.push('no COPY tells which folder the program comes from');
      return;
    }
    const directory = this.sourceFolder(copied, languages);
    this.enterFolder(copied);
    const settings = settingsWrites(this.project, directory, this.environment);
    this.counts.settings += settings.files.length;
    this.countedElsewhere = settings.variables;
    for (const { path, folder, isFile, file } of settings.writes) {
      const at = { kind: 'file' as const, path: file };
      const absolute = path === undefined ? undefined : this.imagePath(path, folder, directory);
      if (absolute === undefined) {
        this.missing.push(`${file} names a place that is not plain to see`);
      } else {
        this.put({ path: absolute, isFile }, { says: `${file} names ${absolute}`, at });
      }
    }
    for (const language of languages) {
      this.addSources(directory, language);
      for (const place of new Set([directory, this.ownFolder(copied)])) {
        for (const { folder, because, manifest } of frameworkFolders(this.project, place, language)) {
          const path = normalizePath(`${this.folder}/${folder}`);
          const at = { kind: 'file' as const, path: manifest };
          this.put(
            { path, isFile: false, isTree: folder !== '.' },
            { says: `${because} writes to ${path}`, at },
          );
        }
      }
    }
  }

  /** Finds out where the program runs, when that is known of all commands that have a language. */
  private enterFolder(copied: ContextPath): void {
    const started = startedProcess(this.context, this.stage);
    const commands = started.state === 'known' ? started.value.commands : [];
    const folders = new Set(
      commands
        .filter((one) => languageOfCommand(this.context, this.stage, one, copied) !== undefined)
        .flatMap((one) => one.directory ?? []),
    );
    if (folders.size > 1) {
      this.missing.push('the container starts programs in several folders');
    }
    this.folder = [...folders].at(-1) ?? this.workdir;
  }

  /** The folder of the build context that the program runs in. */
  private ownFolder(copied: ContextPath): ContextPath {
    return this.folder.startsWith(`${this.workdir}/`)
      ? joinPath(copied, this.folder.slice(this.workdir.length + 1))
      : copied;
  }

  private addSources(directory: ContextPath, language: Language): void {
    this.surveyed.add(language);
    const { files, isComplete } = sourcesOfLanguage(this.project, directory, language);
    if (!isComplete) {
      this.missing.push('the project has more sources than are read for this');
    }
    if (!files.some(runsInContainer)) {
      this.missing.push(
        `no source of the program was found in ${directory === '' ? 'the build context' : directory}`,
      );
      return;
    }
    this.counts.sources += files.filter(runsInContainer).length;
    const { workdir, folder, environment } = this;
    const sources = { files, language, directory, workdir, folder, environment };
    const started = writesOfStarted(this.context, this.stage, sources);
    this.missing.push(...started.missing);
    for (const [place, evidence] of started.places) {
      this.put(place, evidence);
    }
    for (const other of started.languages.filter((one) => !this.surveyed.has(one))) {
      this.addSources(directory, other);
    }
    for (const { path, isFile, evidence } of sourceWrites(sources)) {
      if (path === undefined) {
        this.isHidden = true;
        this.missing.push(evidence.says);
      } else {
        this.put({ path, isFile }, evidence);
      }
    }
    const device = opensDevices(files, language);
    if (device !== undefined) {
      this.missing.push(device);
    }
    const setter = files.find(({ text }) =>
      /\b(?:(?:process|os)\.(?:sete?[ug]id|setre[ug]id|setres[ug]id|setgroups|initgroups)|(?:syscall|unix)\.(?:Set(?:re|res)?[ug]id|Setgroups)|Process::(?:Sys\.set\w*|[UG]ID\.(?:change_privilege|eid=))|posix_sete?[ug]id|unistd::(?:setuid|setgid)|PrivDrop::default)\s*\(/.test(
        text,
      ),
    );
    if (setter !== undefined) {
      this.missing.push(`${setter.path} changes the user of the process by itself`);
    }
  }

  /** What a RUN of the stage makes as root and the program writes to. */
  private addMadeData(): void {
    for (const { path, isFile, says, at } of madeData(this.stage)) {
      const place = { kind: 'dockerfile' as const, span: at.script.sourceSpan(at.command.span) };
      const files = this.places.filter((one) => one.isFile && /\.(?:db|sqlite3?|db3)$/.test(one.path));
      if (path !== undefined) {
        this.put({ path, isFile, isMade: true }, { says, at: place });
      } else if (files.length === 0) {
        this.missing.push(`${says}, and where that lies could not be read`);
      } else {
        for (const file of files) {
          this.put({ ...file, isMade: true }, { says, at: place });
        }
      }
    }
  }

  /** The languages of the programs that the start runs; what has none is named as not known. */
  private languages(directory: ContextPath): Language[] {
    const traits = baseTraits(this.stage, this.context.images);
    const commands = startedSoFar(this.context, this.stage);
    const found = new Set<Language>();
    if (commands.length === 0 && traits?.family === 'php') {
      found.add('php');
    }
    const started = startedProcess(this.context, this.stage);
    for (const command of started.state === 'known' ? started.value.commands : []) {
      const [word = ''] = command.words;
      const language = languageOfCommand(this.context, this.stage, command, directory);
      if (language !== undefined) {
        found.add(language);
      } else if (
        !isShellTool(command.words) &&
        !writesNothing.test(baseName(word)) &&
        startWork(command.words) === undefined
      ) {
        this.missing.push(`what \`${baseName(word)}\` writes is not known`);
      }
    }
    return [...found];
  }

  /** The folder of the build context that the program's sources lie in. */
  private programFolder(): string | undefined {
    const { dockerfile } = this.context;
    return (
      programFolderOf(dockerfile, this.stage) ??
      contextFolder(this.context, this.stage, this.workdir) ??
      this.folderOfCopies()
    );
  }

  /** The folder itself where it holds sources, else the nearest one above with a manifest: `target` lies below a pom.xml. */
  private sourceFolder(copied: string, languages: readonly Language[]): string {
    const isSources = languages.some((one) =>
      sourcesOfLanguage(this.project, copied, one).files.some(runsInContainer),
    );
    return isSources ? copied : (this.manifestFolder(copied) ?? copied);
  }

  private folderOfCopies(): string | undefined {
    const folders = allSteps(this.stage)
      .flatMap((step) => readCopy(step, this.context.dockerfile) ?? [])
      .filter((copy) => copy.from === 'context')
      .flatMap((copy) => copy.sources.map((word) => directoryOf(normalizePath(`/${word.value}`).slice(1))));
    return folders.map((folder) => this.manifestFolder(folder)).find((one) => one !== undefined);
  }

  /** The nearest folder with a manifest, from one upwards. */
  private manifestFolder(from: string): string | undefined {
    return foldersUp(from).find((folder) =>
      this.project.reader.list(folder)?.some(({ name }) => manifest.test(name)),
    );
  }

  private imagePath(path: string, folder: string | undefined, directory: ContextPath): string | undefined {
    if (path.startsWith('/')) {
      return normalizePath(path);
    }
    const from = folder === undefined ? '' : folder.slice(directory.length).replace(/^\//, '');
    return normalizePath(joinImage(joinImage(this.workdir, joinPath(from, '')), path));
  }
}

const manifest =
  /^(?:package\.json|requirements\.txt|pyproject\.toml|go\.mod|Cargo\.toml|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|build\.sbt|mix\.exs|deno\.jsonc?|CMakeLists\.txt)$|\.(?:csproj|fsproj|sln)$/;
