import type { SizeAnswer } from '../sizes/size.ts';
import type { ImageReference } from './reference.ts';

/** The C library of an image; `none` where there is none to link to. */
export type Libc = 'glibc' | 'musl' | 'none';

export type PackageManager = 'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'zypper' | 'pacman';

/** A user that the image ships besides root. */
export interface ImageUser {
  readonly name: string;
  readonly uid: number;
}

/**
 * What is true of an image whatever its size: facts of its family and variant. A field that is not known is left
 * out; a rule that needs it keeps silent.
 */
export interface ImageTraits {
  /** Repository family, such as `node`, `python`, `golang`, `debian`, `distroless`. */
  readonly family: string;
  /** Version of what the family ships, as written in the tag: `22`, `3.12`, `1.27`. */
  readonly version?: string;
  /** Variant of the tag: `full`, `slim`, `alpine`, `jre`, `distroless`, `chiseled` … */
  readonly variant?: string;
  readonly distribution?: { readonly id: string; readonly version?: string };
  readonly libc?: Libc;
  /** False for images without `/bin/sh` (distroless, chiseled, scratch). */
  readonly hasShell?: boolean;
  readonly packageManager?: PackageManager;
  /** The `USER` the image sets; `root` where it is known to set none. */
  readonly defaultUser?: string;
  /** Users besides root that exist in the image, the one meant for applications first. */
  readonly users?: readonly ImageUser[];
  /** Programs of interest for probes, clean-up and builds: `curl`, `wget`, `node`, `python3`, `git`, `gcc`, `make` … */
  readonly tools?: readonly string[];
  /** Programs of that list that are known to be missing. */
  readonly missingTools?: readonly string[];
  /** Environment variables that the image may set, besides PATH. */
  readonly environment?: readonly string[];
  /** The entry point the image sets, in exec form. */
  readonly entrypoint?: readonly string[];
  /** The program that the entry script of the image puts in front of these first words of a command, and of options. */
  readonly entryVerbs?: { readonly program: string; readonly verbs: readonly string[] };
  /** True where the image is a server that runs by itself (nginx, postgres), so that a Dockerfile needs no CMD. */
  readonly isServer?: boolean;
  /** True where that server goes on as root; most others only open their port as root. */
  readonly keepsRoot?: boolean;
  /** Ports that the image itself exposes. */
  readonly exposedPorts?: readonly number[];
}

/** When support for the release of an image ends, with the source of the date. */
export interface EndOfLife {
  /** ISO date on which support ends or ended. */
  readonly date: string;
  /** What ends: `Node.js 20`, `Debian 11`. */
  readonly what: string;
  readonly source: string;
  /** Tag of the same family that is supported, where one is known. */
  readonly replacement?: string;
  /** Reference of the image that took over, where the image as a whole is deprecated: `eclipse-temurin:17`. */
  readonly successor?: string;
}

/** What is known of one image on one platform, without asking anybody. */
export interface ImageFacts {
  readonly reference: ImageReference;
  readonly platform: string;
  readonly traits?: ImageTraits;
  readonly pull: SizeAnswer;
  readonly disk: SizeAnswer;
  readonly layers?: number;
  /** ISO date on which the image was built. */
  readonly created?: string;
  /** Digest that the registry or engine gave for the reference. */
  readonly digest?: string;
  readonly endOfLife?: EndOfLife;
  /** Why the registry could not be asked when it was tried last: one line for people. */
  readonly lookupProblem?: string;
}

/** Answers from memory only. It is the one thing that rules may ask, because they must never wait. */
export interface ImageKnowledge {
  /** Facts about an image; sizes are unknown or pending where nobody has answered yet. */
  peek(reference: ImageReference, platform?: string): ImageFacts;
  /** Smaller variants of the same version, the smallest first and those of unknown size last; empty where none is known. */
  smallerVariants(reference: ImageReference, platform?: string): readonly ImageFacts[];
}
