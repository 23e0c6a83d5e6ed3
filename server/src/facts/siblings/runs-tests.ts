import type { Dockerfile } from '../../model/dockerfile.ts';
import { rootBase } from '../../model/dockerfile.ts';
import type { Called } from './called.ts';

/** Words that speak of tests, as parts of a command: `run-tests.sh`, `test:unit`, `playwright`. */
const testWord =
  /^(?:tests?|testing|e2e|specs?|pytest|unittest|jest|vitest|mocha|ava|jasmine|karma|cypress|playwright|testcafe|nightwatch|wdio|newman|cucumber|tox|nox|nose2?|nosetests|behave|robot|pabot|rspec|minitest|phpunit|pest|codecept|behat|paratest|ctest|gotestsum|ginkgo|nextest|bats|prove|busted|k6|locust|artillery|gatling|detox|stestr|trial)$/i;
/** Words that mean tests where a build tool or a task runner gets them. */
const taskWord = /^(?:check|verify|ci|coverage|cov|all|qa)$/i;
const taskRunner =
  /^(?:make|gmake|ninja|gradle|gradlew|mvn|mvnw|just|task|rake|invoke|inv|mage|bazel|hatch|poe|coverage|sbt|lein)$/;
/** Conditions of the shell, and installs of packages whose names hold such words. */
const notTests = /^(?:test|\[|\[\[|apt-get|apt|apk|dnf|yum|microdnf|echo|printf|mkdir|rm|apt-cache)$/;

/** The command that runs tests, in words; undefined where none that was read does. */
export function testCommand(called: Called): string | undefined {
  const command = called.commands.find(({ words }) => isTest(words));
  if (command === undefined) {
    return undefined;
  }
  const words = command.words.slice(0, 4).join(' ');
  return command.file === undefined ? `\`${words}\`` : `\`${words}\` of ${command.file}`;
}

function isTest([name = '', ...rest]: readonly string[]): boolean {
  if (notTests.test(name)) {
    return false;
  }
  return (
    [name, ...rest].some(
      (word) => word.length < 200 && word.split(/[^A-Za-z0-9]+/).some((part) => testWord.test(part)),
    ) ||
    (taskRunner.test(name) && rest.some((word) => taskWord.test(word)))
  );
}

/** The stage or base image that is made for tests by its name; undefined where there is none. */
export function testStage(dockerfile: Dockerfile): string | undefined {
  for (const stage of dockerfile.stages) {
    const base = rootBase(stage);
    const names = [stage.name ?? '', base.kind === 'image' ? base.reference.repository : ''];
    const found = names.find((name) => name.split(/[^A-Za-z0-9]+/).some((part) => testWord.test(part)));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
