import type { PlanFacts, PlanSubject, RuntimeCopy } from '../ecosystems/runtime-plan.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { deployedWords } from './deployment/deployed-words.ts';
import { deployment } from './deployment/deployment.ts';
import { calledPrograms, programPackages } from './needs/called-programs.ts';
import { privateFile } from './needs/private-files.ts';
import { missingFile } from './needs/read-files.ts';
import { assetCopies } from './needs/run-time-assets.ts';
import { runTimeLibraries } from './needs/run-time-libraries.ts';
import { deployedStart } from './start/deployed-start.ts';
import { isBrought } from './start/image-file.ts';
import { startedProgram } from './start/started-program.ts';
import { writesBeside } from './writes/written-files.ts';

/** The facts that the plan of a conversion is given. */
export function planFacts(subject: PlanSubject, dockerfile: Dockerfile): PlanFacts {
  const around = { dockerfile, project: subject.project };
  return {
    startedProgram: (folders) => startedProgram(subject, folders),
    calledPrograms: (sources) => calledPrograms(subject, sources),
    programPackages: (programs, present) => programPackages(subject, programs, present),
    assetCopies: (sources, code) => {
      const { copies, names } = assetCopies(subject, sources, code);
      // What no COPY brings is not in the builder, whatever the sources say.
      const isThere = ({ from }: RuntimeCopy): boolean => isBrought(around, subject.stage, from);
      return {
        copies: copies.filter(isThere),
        names: names.filter((_, i) => copies[i] !== undefined && isThere(copies[i])),
      };
    },
    runTimeLibraries: (name) => runTimeLibraries(name, subject.traits),
    writesBeside,
    deployedStart: (programs) => deployedStart(subject.project, programs),
    deployedWords: () => deployedWords(subject.project).map(({ word }) => word),
    isMounted: (folder) =>
      deployment(subject.project).some(({ mounts }) =>
        mounts.some(({ path, kind }) => kind === 'bind' && `${folder}/`.startsWith(`${path}/`)),
      ),
    privateFile: (isTaken) => privateFile(subject, isTaken),
    missingFile: () => missingFile(subject.project, subject.directory),
  };
}
