import type { ImageReference } from './reference.ts';

/** The working directory that an image sets; `/` where it sets none, as most do. Sources: the Dockerfiles of the images. */
export function imageFolder({ registry, repository, tag }: ImageReference): string {
  const name = registry === 'docker.io' ? repository.replace(/^library\//, '') : '';
  if (name === 'php' && /(?:^|-)(?:apache|fpm)(?:-|$)/.test(tag ?? '')) {
    return '/var/www/html';
  }
  return name === 'composer' ? '/app' : '/';
}
