import { table } from '../../text/table.ts';

/** What may stand behind a flag, or behind a key of `--mount`; none where it is anything. */
type Values = readonly string[];

const yesOrNo: Values = ['true', 'false'];

/** A flag of an instruction, as BuildKit takes it. */
export interface FlagWord {
  /** In a few words. */
  readonly about: string;
  readonly values: Values;
  /** It is written without a value. */
  readonly isBare?: true;
}

type Flags = Readonly<Record<string, FlagWord>>;

const copied = table<FlagWord>({
  '--chown': { about: 'owner of what is copied', values: [] },
  '--chmod': { about: 'mode of what is copied', values: ['755', '644', 'u=rwX,go=rX'] },
  '--link': { about: 'a layer that does not depend on those below', values: yesOrNo, isBare: true },
  '--exclude': { about: 'pattern of what is left out', values: [] },
});

/** Flags by instruction, of the Dockerfile reference of November 2026. */
export const flagsOf = table<Flags>({
  FROM: {
    '--platform': {
      about: 'platform of the image',
      values: ['$BUILDPLATFORM', 'linux/amd64', 'linux/arm64'],
    },
  },
  COPY: {
    '--from': { about: 'stage, image or context to copy from', values: [] },
    ...copied,
    '--parents': { about: 'keep the folders above', values: yesOrNo, isBare: true },
  },
  ADD: {
    ...copied,
    '--checksum': { about: 'checksum of the download', values: ['sha256:'] },
    '--keep-git-dir': { about: 'keep .git of a repository', values: yesOrNo },
    '--unpack': { about: 'unpack an archive', values: yesOrNo },
  },
  RUN: {
    '--mount': { about: 'cache, secret, files of the context', values: [] },
    '--network': { about: 'network of the command', values: ['default', 'none', 'host'] },
    '--security': { about: 'what the command may do', values: ['sandbox', 'insecure'] },
    '--device': { about: 'device for the command', values: [] },
  },
  HEALTHCHECK: {
    '--interval': { about: 'time between two probes', values: ['30s'] },
    '--timeout': { about: 'time for one probe', values: ['5s'] },
    '--start-period': { about: 'time in which failures do not count', values: ['10s'] },
    '--start-interval': { about: 'time between two probes while starting', values: ['2s'] },
    '--retries': { about: 'failures before it is unhealthy', values: ['3'] },
  },
});

/** Keys of `--mount` by its type, with their values. */
export const mountKeys = table({
  cache: table<Values>({
    target: [],
    id: [],
    sharing: ['shared', 'private', 'locked'],
    from: [],
    source: [],
    readonly: yesOrNo,
    mode: ['0755'],
    uid: [],
    gid: [],
  }),
  bind: table<Values>({ target: [], source: [], from: [], readwrite: yesOrNo }),
  tmpfs: table<Values>({ target: [], size: [] }),
  secret: table<Values>({ target: [], id: [], env: [], required: yesOrNo, mode: ['0400'], uid: [], gid: [] }),
  ssh: table<Values>({ target: [], id: ['default'], required: yesOrNo, mode: ['0600'], uid: [], gid: [] }),
});
