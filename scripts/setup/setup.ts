import { installHost } from '../vscode-host/install.ts';
import { MissingPart } from '../vscode-host/missing.ts';
import { installPackages } from './apt.ts';
import { findProgram, missingPrograms, namesOf, type SuiteWithPrograms } from './programs.ts';

/**
 * Installs what suites of tests need and this machine lacks: programs with apt, where that may be, and the served VS
 * Code with npm. Says what it does, and what it cannot do. Returns whether everything is there afterwards.
 */
export function setUp(suites: readonly SuiteWithPrograms[]): boolean {
  const hasPrograms = setUpPrograms(suites);
  const hasEditor = !suites.includes('vscode') || setUpEditor();
  return hasPrograms && hasEditor;
}

function setUpPrograms(suites: readonly SuiteWithPrograms[]): boolean {
  const missing = suites.flatMap(missingPrograms);
  if (missing.length === 0) {
    return true;
  }
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].sort();
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (findProgram('apt-get') === undefined) {
    console.error(`Missing: ${namesOf(missing)}. This machine has no apt-get to install them with.`);
    return false;
  }
  if (process.getuid?.() !== 0) {
    console.error(`Missing: ${namesOf(missing)}. As root: ${command}`);
    return false;
  }
  console.log(command);
  const failure = installPackages(packages);
  if (failure !== undefined) {
    console.error(failure);
  }
  const still = suites.flatMap(missingPrograms);
  if (still.length > 0) {
    console.error(`Still missing: ${namesOf(still)}.`);
  }
  return still.length === 0;
}

function setUpEditor(): boolean {
  try {
    installHost();
    return true;
  } catch (error) {
    if (!(error instanceof MissingPart)) {
      throw error;
    }
    console.error(error.message);
    return false;
  }
}
