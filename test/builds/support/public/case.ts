import { join } from 'node:path';
import type { ProofCase } from '../cases.ts';
import { cached } from '../paths.ts';

/** A project that somebody else wrote, with a Dockerfile of its own. It is fetched when it is asked for. */
export interface PublicCase extends ProofCase {
  /** Owner and name on GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** Folder of the repository that is the build context; '' is its root. */
  readonly directory: string;
}

/** Describes a public project. */
export function fromPublic(
  name: string,
  ecosystem: string,
  source: Pick<PublicCase, 'repository' | 'commit' | 'directory'>,
  details: Pick<ProofCase, 'requests' | 'port'> & Partial<Pick<ProofCase, 'remark' | 'environment'>>,
): PublicCase {
  const project = join(checkoutFolder(source), source.directory);
  return { name, ecosystem, project, expectations: project, factor: 1, short: false, ...source, ...details };
}

/** Where the checkout of a repository at a commit lies. */
export function checkoutFolder({ repository, commit }: Pick<PublicCase, 'repository' | 'commit'>): string {
  return join(cached('public'), `${repository.replace('/', '+')}-${commit.slice(0, 12)}`);
}
