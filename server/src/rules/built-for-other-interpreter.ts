import type { AnalysisContext } from '../facts/context.ts';
import { interpreterOf, type StageInterpreter } from '../facts/needs/interpreters.ts';
import { lostPython } from '../facts/needs/managed-python.ts';
import { type OtherRuntime, otherRuntime } from '../facts/needs/runtime-versions.ts';
import { type TakenOver, takenOver } from '../facts/needs/taken-over.ts';
import { baseTraits } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { rootBase, type Stage } from '../model/dockerfile.ts';
import { nameSome } from '../text/name-some.ts';
import type { Rule } from './rule.ts';

export const builtForOtherInterpreter: Rule = {
  meta: {
    id: 'built-for-other-interpreter',
    aliases: [],
    summary: 'Packages were installed for another version of the interpreter than the image has.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Which version the image has, or which of the two stages is right, is not known.',
    needs: ['project', 'images'],
    docs: {
      what: 'A stage takes over a virtual environment, packages of Python, wheels, `node_modules` with binaries, gems or extensions of PHP that a stage with another version of Python, Node.js, Ruby or PHP made; a virtual environment whose interpreter uv fetched and nothing copies; or a program that is compiled for a newer Java or another .NET than its image has.',
      why: 'Python looks for packages in a folder that carries its version, and a virtual environment names its interpreter by path: nothing is found. Compiled packages of Node.js and Ruby refuse another version, and PHP has a folder of extensions for each of its versions. Java refuses classes of a newer one, and .NET looks for the major version that the project names.',
      silent:
        'The version of one of the two is not known; the packages hold no binary that belongs to a version; the program brings its runtime along, or says that others do (`RollForward`).',
      fix: 'Starts the final stage from the same version, where both stages start from an image of the language, or where the image is known to have that version. For review.',
      bad: {
        dockerfile:
          'FROM python:3.13-slim AS build\nRUN python -m venv /venv && /venv/bin/pip install flask\n\nFROM python:3.12-slim\nCOPY --from=build /venv /venv\nCOPY app.py .\nUSER 10001\nCMD ["/venv/bin/python", "app.py"]\n',
        files: { 'app.py': 'import flask\n' },
      },
      good: {
        dockerfile:
          'FROM python:3.13-slim AS build\nRUN python -m venv /venv && /venv/bin/pip install flask\n\nFROM python:3.13-slim\nCOPY --from=build /venv /venv\nCOPY app.py .\nUSER 10001\nCMD ["/venv/bin/python", "app.py"]\n',
        files: { 'app.py': 'import flask\n' },
      },
      switchOff: 'Never, as long as the findings are right.',
      references: ['https://docs.python.org/3/library/venv.html#how-venvs-work'],
    },
  },

  *check(context) {
    const stage = context.dockerfile.final;
    if (stage === undefined) {
      return;
    }
    const traits = baseTraits(stage, context.images);
    for (const taken of takenOver(context, stage)) {
      const { interpreter, origin } = taken;
      if (interpreter === undefined) {
        continue;
      }
      const built = interpreterOf(interpreter, origin.stage, origin.traits);
      const runs = interpreterOf(interpreter, stage, traits);
      const message =
        built === undefined || runs === undefined ? undefined : problemOf(taken, built, runs, imageOf(stage));
      if (message !== undefined) {
        const fix = sameVersion(context, stage, taken);
        yield { message, span: taken.source.span, fixes: fix === undefined ? [] : [fix] };
      }
    }
    const lost = lostPython(context, stage);
    if (lost !== undefined) {
      const { environment, folder, source } = lost;
      yield {
        message: `uv fetched the Python of ${environment} into ${folder}, which stays behind: the environment has no interpreter. Copy that folder to the same place, or let UV_PYTHON_INSTALL_DIR and a COPY name one.`,
        span: source.span,
        fixes: [],
      };
    }
    const other = otherRuntime(context, stage);
    if (other !== undefined) {
      const { title, has, needs, saidBy } = other;
      const fix = wantedVersion(context, stage, other);
      yield {
        message: `${imageOf(stage)} has ${title} ${has}, and ${saidBy} has the program compiled for ${title} ${needs}: it does not start.`,
        span: other.source.span,
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
};

/** The final stage starts from the version that the project asks for, where that tag is sure to exist. */
function wantedVersion(
  context: AnalysisContext,
  stage: Stage,
  { has, needs, title }: OtherRuntime,
): Fix | undefined {
  const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
  const tag = /:([\d.]+)(?:-(?:jre|jdk))?(?:-alpine)?$/.exec(written)?.[1];
  if (stage.base.kind !== 'image' || tag !== has || /^\d+(?:\.0)?$/.test(tag) === false) {
    return undefined;
  }
  const image = written.replace(`:${has}`, `:${needs}`);
  return {
    title: `Start from ${image}`,
    applicability: 'review',
    edits: [{ span: stage.imageSpan, text: image }],
    assumptions: [`The program runs on ${title} ${needs}, which its project asks for.`],
  };
}

const titles = { python: 'Python', node: 'Node.js', ruby: 'Ruby', php: 'PHP' } as const;

function problemOf(
  taken: TakenOver,
  built: StageInterpreter,
  runs: StageInterpreter,
  image: string,
): string | undefined {
  const title = titles[taken.interpreter ?? 'python'];
  if (built.version !== runs.version) {
    if (taken.isOfVersion === true) {
      return `${image} has ${title} ${runs.version}, and ${taken.what} ${taken.namesInterpreter === true ? 'is' : 'are'} made for ${built.version}: nothing in there is found.`;
    }
    const names = (taken.packages ?? []).filter((one) => one.isOfVersion).map((one) => one.name);
    return names.length === 0
      ? undefined
      : `${image} has ${title} ${runs.version}, and ${nameSome(names)} in ${taken.what} ${names.length === 1 ? 'is' : 'are'} compiled for ${built.version}: ${taken.isInstalled === true ? 'pip takes none of them' : 'loading fails'}.`;
  }
  return taken.namesInterpreter === true && built.isOfSystem !== runs.isOfSystem
    ? `${image} has Python in ${folderOf(runs)}, and the programs of ${taken.what} look for it in ${folderOf(built)}: they do not start.`
    : undefined;
}

function folderOf({ isOfSystem }: StageInterpreter): string {
  return isOfSystem ? '/usr/bin' : '/usr/local/bin';
}

/** The final stage starts from the version of the builder: both are images of the language. */
function sameVersion(
  context: AnalysisContext,
  stage: Stage,
  { origin, interpreter }: TakenOver,
): Fix | undefined {
  const traits = baseTraits(stage, context.images);
  const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
  const [from, to] = [traits?.version, origin.traits?.version];
  if (
    stage.base.kind !== 'image' ||
    interpreter === undefined ||
    traits?.family !== interpreter ||
    origin.traits?.family !== interpreter ||
    from === undefined ||
    to === undefined ||
    /[$@]/.test(written) ||
    !written.includes(`:${from}`)
  ) {
    return undefined;
  }
  const image = written.replace(`:${from}`, `:${to}`);
  return {
    title: `Start from ${image}`,
    applicability: 'review',
    edits: [{ span: stage.imageSpan, text: image }],
    assumptions: [`The program runs on ${titles[interpreter]} ${to}.`],
  };
}

function imageOf(stage: Stage): string {
  const base = rootBase(stage);
  return base.kind === 'image' ? base.name : 'this stage';
}
