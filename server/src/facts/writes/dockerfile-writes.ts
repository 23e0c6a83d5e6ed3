import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, lineage, type Stage } from '../../model/dockerfile.ts';
import type { Variables } from '../../model/expansion.ts';
import { normalizePath } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import { expand } from '../../model/variables.ts';
import type { ImagePath } from '../../text/path-types.ts';
import type { WrittenPlace } from './place.ts';
import { databasePath } from './sources/named-files.ts';

/** Names of settings that hold the place of files which a program writes. */
const placeSetting =
  /(?:^|_)(?:DATA|UPLOADS?|STORAGE|STATE|DB|DATABASE|SQLITE|CACHE|LOGS?|MEDIA|WORK|FILES?)_?(?:DIR|DIRECTORY|PATH|FOLDER|ROOT|FILE)$/;

/** Settings of libraries that fetch models or browsers when they first need them, into the folder named. */
const downloadSetting =
  /^(?:HF_HOME|HF_HUB_CACHE|HF_DATASETS_CACHE|HUGGINGFACE_HUB_CACHE|TRANSFORMERS_CACHE|SENTENCE_TRANSFORMERS_HOME|TORCH_HOME|NLTK_DATA|TFHUB_CACHE_DIR|XDG_(?:CACHE|DATA|CONFIG|STATE)_HOME|MPLCONFIGDIR|NUMBA_CACHE_DIR|OLLAMA_MODELS|EASYOCR_MODULE_PATH|WANDB_DIR|MLFLOW_ARTIFACT_ROOT)$/;

/**
 * What the Dockerfile itself tells of the places that a program writes to: volumes, settings, and folders that are made
 * empty. `environment` is what the container is started with.
 */
export function dockerfileWrites(
  dockerfile: Dockerfile,
  stage: Stage,
  environment: Variables,
): WrittenPlace[] {
  const workdir = stage.end.workdir ?? '/';
  return [
    ...volumesOf(stage).map((path) => ({ path, isFile: false })),
    ...settingsOf(environment, workdir),
    // Notebooks are kept where the server is started.
    ...(startCommand(stage).words.some((word) => /\b(?:jupyter|code-server)\b/.test(word))
      ? [{ path: workdir, isFile: false }]
      : []),
    ...emptyFolders(dockerfile, stage).map((path) => ({ path, isFile: false })),
  ];
}

/** The folders that VOLUME names. */
export function volumesOf(stage: Stage): string[] {
  return allSteps(stage)
    .filter((step) => step.instruction.keyword === 'VOLUME')
    .flatMap((step) =>
      step.instruction.words.flatMap((word) => {
        const path = expand(word.value, step.before.variables, '\\');
        return path?.startsWith('/') === true ? [normalizePath(path)] : [];
      }),
    );
}

function settingsOf(environment: Variables, workdir: ImagePath): WrittenPlace[] {
  return [...environment].flatMap(([name, value = '']) => {
    const address =
      /^sqlite\w*(?:\+\w+)?:\/\/\/?([^?]+)/.exec(value)?.[1] ??
      /^file:(?:\/\/)?([^?]+)/.exec(value)?.[1] ??
      /^jdbc:(?:sqlite|h2|hsqldb|derby):([^?;]+)/.exec(value)?.[1] ??
      /\b(?:Data Source|DataSource)\s*=\s*([^;\s][^;]*\.\w+)/i.exec(value)?.[1];
    if (address !== undefined) {
      const path = databasePath(address);
      return [{ path: normalizePath(path.startsWith('/') ? path : `${workdir}/${path}`), isFile: true }];
    }
    return (placeSetting.test(name) || downloadSetting.test(name) || name === 'HOME') && value.startsWith('/')
      ? [fileOrFolder(value)]
      : [];
  });
}

/** A path with an ending names a file. */
function fileOrFolder(path: string): WrittenPlace {
  return { path: normalizePath(path), isFile: /\/[^/]+\.\w+$/.test(path) };
}

/** Folders that a RUN makes and that nothing else of the stage fills: they are made to be written to. */
function emptyFolders(dockerfile: Dockerfile, stage: Stage): string[] {
  const steps = lineage(stage)
    .reverse()
    .flatMap((one) => commandSteps(one));
  const made = steps.flatMap(({ command, directory }) =>
    command.name === 'mkdir' && command.isUnconditional
      ? command.args.flatMap((word) =>
          word.value === undefined || word.value.startsWith('-') || /^\d+$/.test(word.value)
            ? []
            : word.value.startsWith('/')
              ? [normalizePath(word.value)]
              : directory === undefined
                ? []
                : [normalizePath(`${directory}/${word.value}`)],
        )
      : [],
  );
  const harmless = ['mkdir', 'chown', 'chmod', 'chgrp', 'touch', 'ls'];
  const filled = [
    ...allSteps(stage).flatMap((step) => [
      readCopy(step, dockerfile)?.target ?? '',
      step.before.workdir ?? '',
    ]),
    stage.end.workdir ?? '',
  ];
  return made.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isUsed = steps.some(
      ({ command }) =>
        !harmless.includes(command.name ?? '') && command.args.some((word) => word.text.includes(name)),
    );
    const isOutput = /^(?:node_modules|vendor|\.?venv|dist|build|bin|target|out|src|lib)$/.test(name);
    return !isUsed && !isOutput && !filled.some((target) => target === path || target.startsWith(`${path}/`));
  });
}
