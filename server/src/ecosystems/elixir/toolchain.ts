import { unknownProject } from '../../project/project.ts';
import { sourceQuestion } from '../source-text.ts';
import type { Toolchain } from '../toolchain.ts';
import { isMixBuild, mix, mixManifests } from './mix.ts';

const callsGit = sourceQuestion(/\bSystem\.cmd\(\s*"git"/, /\.exs?$/);

export const elixirToolchain: Toolchain = {
  id: 'elixir',
  title: 'Elixir',
  managers: [mix],
  projectFiles: [],
  helpers: ['node'],
  dependencyFolder: 'deps',

  readInstall: (command) => mix.parseInstall(command),

  manifests: (_install, project, directory) => mixManifests(project, directory),

  isBuild: isMixBuild,

  isProjectCommand: (command) => ['mix', 'elixir', 'elixirc', 'rebar', 'rebar3'].includes(command.name ?? ''),

  isBuildPackage: (name, project, directory) =>
    /^(?:nodejs|npm|yarn|inotify-tools)$/.test(name) || (name === 'git' && !callsGit(project, directory)),

  caches: (at, traits, project = unknownProject) =>
    mix.parseInstall(at.command) === undefined ? [] : mix.caches(at, traits, project),

  // MIX_ENV stays: programs ask for it as they run, and it is a part of where the release lies.
  buildVariables: /^(?:MIX_(?!ENV$)|HEX_|REBAR_|ELIXIR_)/,
};
