import {
  type PipelineBuild,
  pipelineBuilds,
  pipelineFiles,
  pipelineLines,
  pipelineText,
} from '../../project/pipeline-builds.ts';
import type { ProjectReader } from '../../project/reader.ts';
import type { ShellParser } from '../../syntax/shell/parser.ts';

/** What pipelines, Makefiles and scripts of a repository do with its images. Paths are relative to its root. */
export interface CiUse {
  readonly builds: readonly PipelineBuild[];
  /** What runs in containers: the words behind `docker run`, `docker compose exec` … */
  readonly runs: readonly { readonly file: string; readonly text: string }[];
}

const engines = /^(?:docker|podman|nerdctl|docker-compose|buildah)$/;

/** Reads what is done with images in the pipelines of a repository and in the Makefiles of a folder of it. */
export function readCiUse(reader: ProjectReader, folder: string, shell: ShellParser): CiUse {
  const runs = pipelineFiles(reader, folder).flatMap((file) =>
    runsOf(file, pipelineText(reader, file), shell),
  );
  return { builds: pipelineBuilds(reader, folder), runs };
}

function runsOf(file: string, text: string, shell: ShellParser): CiUse['runs'][number][] {
  const lines = pipelineLines(file, text).lines.filter((one) => /docker|podman|buildah|nerdctl/.test(one));
  return lines.flatMap((line) =>
    shell.parse(line.trim().replace(/^[@-]+/, '')).commands.flatMap(({ name, args }) => {
      const words = args.map((word) => word.value ?? word.text);
      const verb = words.findIndex((word) => /^(?:run|exec|build|bud)$/.test(word));
      return name !== undefined && engines.test(name) && /^(?:run|exec)$/.test(words[verb] ?? '')
        ? [{ file, text: words.slice(verb + 1).join(' ') }]
        : [];
    }),
  );
}
