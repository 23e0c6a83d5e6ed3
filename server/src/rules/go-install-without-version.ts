import type { Fix } from '../fixes/fix.ts';
import { placeOfWord } from '../fixes/insert-words.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { lineage, type Stage, type Step, withTriggered } from '../model/dockerfile.ts';
import { readMounts } from '../model/mounts.ts';
import { operands, type ShellWord } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

/** Tags of releases in which `go install` outside of a module still works. */
const oldRelease = /^1\.(?:\d|1[0-5])(?:\.\d+)?(?:-|$)/;

/** Commands that bring no go.mod, whatever they are given. */
const harmless = ['apt-get', 'apt', 'apk', 'go', 'mkdir', 'rm', 'echo', 'set', 'chmod', 'chown', 'true'];

export const goInstallWithoutVersion: Rule = {
  meta: {
    id: 'go-install-without-version',
    aliases: ['DL3062'],
    summary: 'go install outside of a module needs a version.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The package is named by a variable or a folder, and which version is meant is not known.',
    needs: [],
    docs: {
      what: '`go install` of a package without `@version`, where no module says which one.',
      why: 'Since Go 1.16 the build ends there: `go: go.mod file not found in current directory or any parent directory`.',
      silent:
        'Something may have brought a `go.mod`: a `COPY`, a clone, a mount, `go mod init`; then the module says the version. The image is not an official one of Go, or an old one.',
      fix: 'Adds `@latest`. Manual: a version is better, and nobody here knows which.',
      bad: { dockerfile: 'FROM golang:1.25\nRUN go install golang.org/x/tools/cmd/stringer\n' },
      good: { dockerfile: 'FROM golang:1.25\nRUN go install golang.org/x/tools/cmd/stringer@v0.38.0\n' },
      switchOff: 'Where `GOFLAGS` or a workspace of Go says the version.',
      references: ['https://go.dev/ref/mod#go-install'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of withTriggered(dockerfile.stages)) {
      const root = lineage(stage).at(-1);
      const steps = lineage(stage)
        .toReversed()
        .flatMap((one) => [...one.steps, ...(one === stage ? [] : (one.triggered?.steps ?? []))]);
      if (root?.base.kind !== 'image' || !isOfGo(root)) {
        continue;
      }
      for (const at of commandSteps(stage)) {
        const word = remotePackage(at);
        if (word === undefined || mayHaveModule(steps, at)) {
          continue;
        }
        yield {
          message: `No module says which version of ${word.text} is meant: go install ends the build here.`,
          span: at.script.sourceSpan(word.span),
          fixes: fixFor(at, word),
        };
      }
    }
  },
};

function isOfGo({ base }: Stage): boolean {
  return (
    base.kind === 'image' &&
    base.reference.registry === 'docker.io' &&
    base.reference.repository === 'library/golang' &&
    !oldRelease.test(base.reference.tag ?? '')
  );
}

/** The first package of `go install` that lies elsewhere and has no version. */
function remotePackage({ command }: CommandStep): ShellWord | undefined {
  const [verb, ...packages] = operands(command);
  return command.name === 'go' && verb?.text === 'install' && command.isUnconditional
    ? packages.find((word) => /^[a-z\d-]+(?:\.[a-z\d-]+)+\/[\w./~-]+$/i.test(word.value ?? ''))
    : undefined;
}

/** True where something before a command, or beside it, may have brought a go.mod or another way of working. */
function mayHaveModule(steps: readonly Step[], at: CommandStep): boolean {
  const before = steps.slice(0, steps.indexOf(at.step) + 1);
  return before.some(({ instruction, script }, i) => {
    const text = instruction.line.text;
    if (/GO111MODULE|GOFLAGS|GOWORK|go\s+(?:mod|work)\b/.test(text)) {
      return true;
    }
    if (instruction.keyword !== 'RUN') {
      return ['COPY', 'ADD'].includes(instruction.keyword);
    }
    const step = before[i];
    return (
      script?.isUnderstood !== true ||
      step === undefined ||
      readMounts(instruction).some((mount) => mount.type === 'bind') ||
      commandsOfStep(step).some(({ command }) => !harmless.includes(command.name ?? ''))
    );
  });
}

function fixFor(at: CommandStep, word: ShellWord): Fix[] {
  const place = placeOfWord(at, word);
  // A quoted word ends behind its last letter.
  if (place === undefined || word.text !== word.value || at.step.instruction.form === 'json') {
    return [];
  }
  return [
    {
      title: 'Add @latest',
      applicability: 'manual',
      edits: [{ span: { start: place.end, end: place.end }, text: '@latest' }],
    },
  ];
}
