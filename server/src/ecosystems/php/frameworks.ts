import type { Framework } from '../framework.ts';

/** Frameworks of PHP that write files of their own or listen to a port of their own. Source: their own documentation, 2026-11. */
export const phpFrameworks: readonly Framework[] = [
  { package: /"laravel\/(?:framework|lumen-framework)"/, writes: ['storage', 'bootstrap/cache'] },
  { package: /"symfony\/(?:framework-bundle|symfony|runtime)"/, writes: ['var'] },
  { package: /"shopware\//, writes: ['var', 'files', 'public/media', 'public/thumbnail', 'public/theme'] },
  { package: /"yiisoft\/yii2/, writes: ['runtime', 'web/assets'] },
  { package: /"cakephp\/cakephp"/, writes: ['tmp', 'logs'] },
  { package: /"codeigniter4\/framework"/, writes: ['writable'] },
  { package: /"laminas\/laminas-mvc"/, writes: ['data/cache'] },
  { package: /"nette\/(?:application|bootstrap)"/, writes: ['temp', 'log'] },
  { package: /"craftcms\/cms"/, writes: ['storage', 'web/cpresources', 'config'] },
  { package: /"drupal\/core/, writes: ['web/sites/default/files'] },
  { package: /"magento\//, writes: ['var', 'generated', 'pub/static', 'pub/media'] },
  { package: /"typo3\/cms-core"/, writes: ['var', 'public/typo3temp', 'public/fileadmin'] },
];
