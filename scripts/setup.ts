/**
 * Installs what the tests need and this machine lacks: buildah, Chromium and others with apt, a VS Code with npm. `npm test`
 * does the same before its suites; arguments name suites, none means all.
 */
import { programsOf, type SuiteWithPrograms } from './setup/programs.ts';
import { setUp } from './setup/setup.ts';
import { installShellCheck } from './setup/shellcheck.ts';

const all = Object.keys(programsOf) as SuiteWithPrograms[];
const names = process.argv.slice(2);
const suites = all.filter((suite) => names.length === 0 || names.includes(suite));
const isSetUp = setUp(suites);
if (!isSetUp || (names.length === 0 && !installShellCheck())) {
  process.exit(1);
}
console.log('Everything that the tests need is there.');
