import type { Framework } from '../framework.ts';

/** Frameworks of Node.js that write files of their own or listen to a port of their own. Source: their own documentation, 2026-11. */
export const nodeFrameworks: readonly Framework[] = [
  {
    package: 'next',
    writes: ['.next/cache'],
    server: { command: /\bnext (?:start|dev)\b/, port: 3000, honours: true, setBy: /^PORT$/ },
  },
  { package: '@strapi/strapi', writes: ['.tmp', 'public/uploads'] },
  { package: 'strapi', writes: ['.tmp', 'public/uploads'] },
  { package: '@medusajs/medusa', writes: ['uploads', 'static'] },
  { package: '@wppconnect-team/wppconnect', writes: ['tokens'] },
  { package: '@wppconnect/server', writes: ['tokens', 'userDataDir', 'WhatsAppImages', 'log'] },
  { package: 'venom-bot', writes: ['tokens'] },
  { package: '@open-wa/wa-automate', writes: ['.'] },
  { package: 'whatsapp-web.js', writes: ['.wwebjs_auth', '.wwebjs_cache'] },
  { package: 'session-file-store', writes: ['sessions'] },
  { package: 'node-persist', writes: ['.node-persist'] },
  { package: 'parse-server', writes: ['logs', 'files'] },
  { package: 'json-server', writes: ['.'] },
  { package: 'directus', writes: ['uploads', 'database', 'extensions'] },
  { package: 'ghost', writes: ['content'] },
  { package: 'verdaccio', writes: ['storage'] },
  { package: 'quick.db', writes: ['.'] },
  { package: 'enmap', writes: ['data'] },
  {
    package: 'react-scripts',
    server: { command: /\breact-scripts start\b/, port: 3000, honours: true, setBy: /^PORT$/ },
  },
  { package: 'nuxt', server: { command: /\bnuxt start\b/, port: 3000, honours: true } },
  {
    package: '@remix-run/serve',
    server: { command: /(?:^|[/\s])remix-serve\s/, port: 3000, honours: true, setBy: /^PORT$/ },
  },
];
