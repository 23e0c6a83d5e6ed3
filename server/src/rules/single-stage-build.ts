import { unfixedBy } from '../ecosystems/refusal.ts';
import { findBuilds, takesFromOtherStage } from '../facts/installs/stage-builds.ts';
import { runningStage } from '../facts/stage.ts';
import { conversionOf } from '../fixes/convert/single-stage.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import type { ImageReference } from '../images/reference.ts';
import { rootBase, type Stage } from '../model/dockerfile.ts';
import { formatSize } from '../sizes/size.ts';
import type { Rule } from './rule.ts';

export const singleStageBuild: Rule = {
  meta: {
    id: 'single-stage-build',
    aliases: [],
    summary: 'The stage that ships is the stage that builds.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'What the program needs when it runs could not be told from what builds it.',
    needs: ['project'],
    docs: {
      what: 'One stage compiles or bundles the program and is also what ships, so that the image carries everything the build needed: the full base image, compilers and bundlers, development dependencies, package caches, sources.',
      why: 'None of that is used when the program runs. It has to be stored, pulled and scanned, and it is at hand for whoever breaks in.',
      silent:
        'Another stage already builds; the stage has no start command of its own, has `ONBUILD` or belongs to a development container; Rails runs for development, with its sources mounted from the host; no build command was recognized.',
      fix: 'Moves the build into a stage named `builder` and starts the final stage on the smallest image that runs the program: the slim variant of the same image for Node.js, Python and Ruby, a JRE for Java, the runtime for .NET, the plain system with the libraries that a program of Go, Rust, C or C++ is linked to, or an image without a shell where it needs none. It takes over what was built, what the program reads, and the production dependencies. Instructions and comments are kept where they belong, the dependencies are installed before the sources are copied, the start command of a plain script is written in exec form, and the container ends as a user without privileges, where that is certain to work. What had to be assumed is listed. For review, always. Nothing is offered where something is not understood; the message then says what.',
      bad: {
        dockerfile:
          'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nUSER node\nCMD ["node", "dist/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:22 AS builder\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=builder /app/package.json ./\nCOPY --from=builder /app/node_modules ./node_modules\nCOPY --from=builder /app/dist ./dist\nUSER node\nCMD ["node", "dist/server.js"]\n',
      },
      switchOff: 'Where the image is meant for development.',
      references: ['https://docs.docker.com/build/building/multi-stage/'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || takesFromOtherStage(context.dockerfile, stage)) {
      return;
    }
    const builds = findBuilds(context, stage);
    const [first] = builds;
    if (first === undefined) {
      return;
    }
    const result = conversionOf(context);
    const isInVain = 'needless' in result && result.needless.length === 0;
    if (isInVain || ('reason' in result && result.isForDevelopment === true)) {
      return;
    }
    const base = rootBase(stage);
    const name = base.kind === 'image' ? base.name : 'its base image';
    const size = base.kind === 'image' ? sizeText(context.images, base.reference, stage) : '';
    const message =
      'reason' in result
        ? `This image ships what built it, on ${name}${size}. No fix is offered. ${result.reason}`
        : `This image ships what built it: ${result.needless.join(', ')}.`;
    yield {
      message,
      span: stage.imageSpan,
      related: builds.slice(-1).map(({ at }) => ({
        span: at.script.sourceSpan(at.command.span),
        message: 'The build runs here.',
      })),
      ...('reason' in result || result.saving === undefined ? {} : { saving: result.saving }),
      fixes: 'reason' in result ? [] : () => [result.fix()],
      ...('reason' in result ? { unfixed: unfixedBy(result) } : {}),
    };
  },
};

function sizeText(images: ImageKnowledge, reference: ImageReference, stage: Stage): string {
  const weight = images.peek(reference, stage.platform).disk;
  return weight.kind === 'known' ? ` (${formatSize(weight)} on disk)` : '';
}
