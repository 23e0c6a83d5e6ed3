/**
 * Why a fix is refused, by codes that never change their meaning, and what would lift each of them: a sentence for
 * people who want the fix.
 */
const lifts = {
  'base-image-unknown':
    'A base image by the language’s own name, whose tag says the version and the release of the system, would lift this.',
  'base-pinned-by-digest': 'A tag without the digest, or the digest of the smaller image, would lift this.',
  'builds-in-this-stage': 'A stage of its own for the build, from which this one copies, would lift this.',
  'compiles-while-running': 'A program that compiles nothing while it runs would lift this.',
  'context-unknown':
    'The folder in which the image is built would lift this: open it, or name it in `buildContexts`.',
  'development-server': 'A start command that serves what was built would lift this.',
  'file-closed-to-others': 'A mode that lets others read and run the file, such as 755, would lift this.',
  'file-missing-at-run-time':
    'A start that does without the file, or gets it when the container is started, would lift this.',
  'files-needed-unknown': 'A program that reads its own folder alone would lift this.',
  'for-development': 'Nothing has to be lifted: the stage is for development.',
  'install-layout-unknown':
    'An install to the package manager’s own place, without settings that move it, would lift this.',
  'install-runs-scripts': 'A project without scripts that run during the install would lift this.',
  'language-not-supported': 'The stages have to be written by hand until Ballast knows this language.',
  'libraries-unknown': 'An install of the libraries’ packages by name in this file would lift this.',
  'manifest-unreadable':
    'The manifest and lock file of the project, readable where the build runs and complete, would lift this.',
  'may-compile-at-install':
    'An install in a stage of its own, or packages that come compiled, would lift this.',
  'musl-not-known-to-do':
    'A lock file in which every package comes without compiled parts, or with a build for musl, would lift this.',
  'needs-development-dependency':
    'What is loaded at run time, declared as a dependency and no development dependency, would lift this.',
  'needs-engine-socket':
    'A proxy before the engine’s socket, which the program reaches over the network, would lift this.',
  'needs-home-of-root': 'An install to a folder that everybody may enter, such as /opt, would lift this.',
  'needs-more-than-smaller-base':
    'A build and a start that do without what the smaller image lacks, or a stage of its own for it, would lift this.',
  'no-program-to-probe':
    'A base image with curl, wget or an interpreter, or a program of the project that asks its own service, would lift this.',
  'no-smaller-image': 'A base image for which there is a smaller one of the same release would lift this.',
  'other-service-in-image':
    'A `healthcheck` of its own for that service, or `disable: true` in it where it serves nothing, would lift this.',
  'output-unknown': 'A build command that names where it writes (`-o`, `--output`) would lift this.',
  'program-not-built': 'A start command that names what the build in this file writes would lift this.',
  'programs-of-base-unknown':
    'A base image whose programs are known, or a HEALTHCHECK written by hand, would lift this.',
  'pruning-unknown':
    'An install without development dependencies, or a package manager whose version is pinned, would lift this.',
  'run-not-understood': 'Commands whose needs are known, or a RUN of plain shell text, would lift this.',
  'run-time-need-unknown': 'A RUN or COPY of its own for what the program needs at run time would lift this.',
  'service-unknown':
    'A port, a protocol and a route without a login that can be read from the project would lift this.',
  'several-ecosystems': 'A build by one tool, or a stage for each, would lift this.',
  'several-folders': 'One COPY of the project to the one folder in which the build runs would lift this.',
  'several-tasks-in-one-run': 'A RUN of its own for each of these tasks would lift this.',
  'site-server-unknown': 'The server of the site, named in this file, would lift this.',
  'stage-of-stage': 'A stage that starts from an image by its name would lift this.',
  'start-unknown': 'A CMD in JSON form that names the program and its file would lift this.',
  'starts-other-programs': 'An install of these programs by name in this file would lift this.',
  'starts-otherwise-too':
    'A stage of its own for that container, named as the `target` of its build, would lift this.',
  'starts-through-build-tool':
    'A start command that runs what was built, and not the tool that builds it, would lift this.',
  'starts-with-work-of-root':
    'A start that only starts the program, with what comes before it in a RUN, would lift this.',
  'text-refused': 'Text that is read without doubt would lift this.',
  'toolchain-in-final-stage':
    'A small image of the system under this stage, chosen by hand, would lift this.',
  'workspace-layout-unknown': 'A start command that names the file of one workspace would lift this.',
  'writes-as-root':
    'A folder of its own for what the program writes, named in its settings, would lift this.',
} as const;

/** Names a kind of refusal. It stays what it is, so that programs and settings may hold on to it. */
export type RefusalCode = keyof typeof lifts;

/** All codes. */
export const refusalCodes = Object.keys(lifts) as readonly RefusalCode[];

/** What would lift a refusal, in one sentence. */
export function liftsOf(code: RefusalCode): string {
  return lifts[code];
}

/** Why a fix is refused, with the code that says what would lift it. */
export interface Refused {
  readonly code: RefusalCode;
  /** As its owner words it; what is put in a message with a colon has no stop. */
  readonly reason: string;
}

/** A refusal as a finding carries it, with what would lift it. */
export function unfixedBy({ code, reason }: Refused): Refused & { readonly lifts: string } {
  return { code, reason, lifts: liftsOf(code) };
}
