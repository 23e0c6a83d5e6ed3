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
  readonly runs: readonly ContainerRun[];
}

/** A command line that works in a container. */
export interface ContainerRun {
  readonly file: string;
  /** All words behind the verb. */
  readonly text: string;
  /** The image, container or service; undefined where the words end before it. */
  readonly image: string | undefined;
  /** What is started in place of the image's own command, as shell text; empty where nothing is. */
  readonly command: string;
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
        ? [{ file, text: words.slice(verb + 1).join(' '), ...partsOf(words.slice(verb + 1)) }]
        : [];
    }),
  );
}

/** Options of `docker run`, `exec` and `compose run` that take a value as a word of its own. */
const valued =
  /^(?:-[evpwulmh]|--(?:env|env-file|volume|publish|workdir|user|label|memory|hostname|name|network|net|mount|entrypoint|platform|add-host|cpus|device|gpus|ip|link|log-driver|log-opt|pid|pull|restart|security-opt|shm-size|stop-signal|tmpfs|ulimit|userns|volumes-from|cap-add|cap-drop|index|cidfile|ipc|cgroupns))$/;

/** The words of `docker run` behind its options: what it starts from, and the command. */
function partsOf(words: readonly string[]): Pick<ContainerRun, 'image' | 'command'> {
  let entrypoint: string[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      break;
    }
    if (word.startsWith('--entrypoint')) {
      entrypoint = [word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '')];
    }
    at += valued.test(word) ? 1 : 0;
  }
  const command = [...entrypoint, ...words.slice(at + 1)]
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
  return { image: words[at], command };
}
