import type { Framework } from '../framework.ts';

/** Frameworks of Ruby that write files of their own or listen to a port of their own. Source: their own documentation, 2026-11. */
export const rubyFrameworks: readonly Framework[] = [
  {
    package: /\bgem\s+["']rail(?:s|ties)["']/,
    writes: ['db', 'log', 'storage', 'tmp'],
    server: { command: /\brails s(?:erver)?\b/, port: 3000, honours: true },
  },
  { package: /\bgem\s+["']carrierwave["']/, writes: ['public/uploads', 'tmp'] },
  { package: /\bgem\s+["']hanami["']/, writes: ['log', 'tmp'] },
];
