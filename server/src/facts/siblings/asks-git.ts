import { nameOf } from '../../project/paths.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { Called } from './called.ts';
import type { ProjectScripts } from './project-scripts.ts';

/** What Git is asked that only a repository answers. */
const verb =
  /^(?:describe|rev-parse|rev-list|log|show|show-ref|status|submodule|diff|diff-index|diff-tree|ls-files|ls-tree|branch|tag|archive|checkout|fetch|lfs|blame|shortlog|symbolic-ref|name-rev|cat-file|for-each-ref|remote|stash|switch|restore|worktree|grep|merge-base|update-index|reset)$/;
/** A call in a text of any language, in one string: `git -C x describe`. */
const callInString =
  /\bgit\s{1,4}(?:-\S{1,40}\s{1,4}(?:[^\s-]\S{0,80}\s{1,4})?){0,3}(?:describe|rev-parse|rev-list|log|show|show-ref|status|submodule|diff|ls-files|ls-tree|branch|tag|archive|blame|shortlog|symbolic-ref|name-rev|cat-file|for-each-ref|remote|merge-base)\b/;
/** With its words apart, and what reads the repository itself. */
const otherCall =
  /["'`]git["'`]\s{0,4}[,\]]|\bCommand::new\("git"\)|\.git\/(?:HEAD|refs|packed-refs|logs|index|config)\b|\$\{GIT_EXECUTABLE\}|\b(?:git\.)?Repo\(\s{0,4}(?:["']\.{1,2}["']|search_parent_directories|__file__|\)|os\.getcwd|os\.path\.dirname\(__file__)/;
/** A line that is a comment in the usual languages; `#!` is none. */
const comment = /^[ \t]*(?:#(?!!)|\/\/|\*|--|;)[^\n]*$/gm;

function callsGit(text: string): boolean {
  const code = text.replace(comment, '');
  return callInString.test(code) || otherCall.test(code);
}

/** Programs that ask it themselves. */
const programs =
  /^(?:lefthook|pre-commit|semantic-release|release-it|standard-version|goreleaser|gitversion|dotnet-gitversion|minver|nbgv|svu|git-cliff|setuptools_scm|versioneer|git-lfs|gitinfo|jgitver)$/;
/** Build tools and their plugins that do, by the names under which manifests ask for them. */
const plugins =
  /setuptools[_-]scm|setuptools[_-]git|hatch-vcs|versioneer|versioningit|dunamai|dynamic-versioning|\bpbr\b|flit[_-]scm|source\s{0,3}=\s{0,3}["']scm["']|vergen|shadow-rs|git-version|git_version|\bgix\b|git2|git-commit-id|buildnumber-maven|jgitver|git-versioning|axion-release|nebula\.release|gradle-git|MinVer|GitVersion|GitInfo|Nerdbank|SourceLink\.Create|sbt-git|sbt-dynver|lein-git|git-rev|git-describe|git-revision|git-last-commit|git-repo-info|git-info|simple-git(?!-hooks)|nodegit|isomorphic-git|next-build-id|jekyll-last-modified|jekyll-git|git-authors|git-committers|enableGitInfo\s{0,3}[=:]\s{0,3}true|dune subst|vsn,\s{0,3}["']?git|git_ref|gitsha|\b(?:lastUpdated|showLastUpdate(?:Time|Author))\s{0,3}:\s{0,3}true\b/i;

/** Files that describe a build, or run while it does. */
const buildFile =
  /(?:^|\/)(?:[\w.-]+\.config\.[cm]?[jt]s|\.(?:vitepress|vuepress)\/config\.[cm]?[jt]s|(?:webpack|rollup|esbuild|gulpfile|Gruntfile|craco|config-overrides)[\w.-]*\.[cm]?[jt]s|build\.[cm]?[jt]s|[\w.-]+\.gradle(?:\.kts)?|pom\.xml|setup\.(?:py|cfg)|pyproject\.toml|conf\.py|build\.rs|Cargo\.toml|CMakeLists\.txt|[\w.-]+\.cmake|meson\.build|configure\.ac|mix\.exs|[\w.-]+\.gemspec|rebar\.config|[\w-]+\.sbt|[\w.-]+\.(?:cs|fs|vb)proj|Directory\.(?:Build|Packages)\.(?:props|targets)|dune-project|hugo\.(?:toml|ya?ml|json)|config\.(?:toml|ya?ml)|mkdocs\.ya?ml|_config\.yml|version\.rb|project\.clj|Package\.swift|build\.zig|\.goreleaser\.ya?ml|Rakefile|Gemfile|angular\.json)$|(?:^|\/)(?:buildSrc|build-logic|project)\/.*\.(?:kts?|gradle|groovy|java|scala)$/;
const maxFiles = 120;
const maxCharacters = 200_000;

/** What in a build asks Git about its repository, in words; undefined where nothing that was read does. */
export function gitQuestion(called: Called, scripts: ProjectScripts): string | undefined {
  const command = called.commands.find(({ words }) => asksItself(words));
  if (command !== undefined) {
    const words = command.words.slice(0, 3).join(' ');
    return command.file === undefined ? `\`${words}\` asks Git` : `${command.file} calls \`${words}\``;
  }
  const text = called.texts.find((one) => callsGit(one.text));
  if (text !== undefined) {
    return `${text.path} asks Git`;
  }
  const source = called.commands.some(({ words }) => words[0] === 'go')
    ? scripts
        .named(/\.go$/)
        .slice(0, 400)
        .find((path) => /["`]vcs\.revision["`]/.test(scripts.read(path) ?? ''))
    : undefined;
  const found = askingFile(scripts) ?? source;
  return found === undefined ? undefined : `${found} asks Git for the version`;
}

/** The first file that describes a build and asks Git, itself or through what it depends on. */
const askingFile = memoizeFor((scripts: ProjectScripts): string | undefined => {
  const file = scripts
    .named(buildFile)
    .slice(0, maxFiles)
    .find((path) => {
      const content = (scripts.read(path) ?? '').slice(0, maxCharacters);
      return plugins.test(content) || callsGit(content);
    });
  return (
    file ??
    scripts
      .named(/(?:^|\/)package\.json$/)
      .slice(0, maxFiles)
      .find((path) => dependencyNames(scripts.read(path) ?? '').some((name) => plugins.test(name)))
  );
});

/** A path into the folder of a repository. */
const repository = /(?:^|\/)\.git(?:\/(?:HEAD|refs|packed-refs|logs|ORIG_HEAD)\b|\/?$)/;

function asksItself(words: readonly string[]): boolean {
  const [name = '', ...rest] = words;
  if (programs.test(nameOf(name))) {
    return true;
  }
  if (name === 'lerna' || name === 'nx') {
    return rest.some((word) => /^(?:changed|diff|publish|version|affected(?::.*)?)$/.test(word));
  }
  // Go puts the revision into what it builds where it can, and is asked for it here.
  if (name === 'go' && rest.some((word) => /^--?buildvcs(?:=(?:true|1))?$/.test(word))) {
    return true;
  }
  // `cat .git/HEAD` reads what Git wrote; `rm -rf .git` does not.
  if (
    !/^(?:rm|find|git|echo|mkdir|chown|chmod|du)$/.test(name) &&
    rest.some((word) => repository.test(word))
  ) {
    return true;
  }
  // Calls within words that the shell works out are commands of their own; `--format` and the like stand in front.
  return name === 'git' && rest.some((word) => verb.test(word)) && !rest.includes('clone');
}

function dependencyNames(text: string): string[] {
  try {
    const manifest = JSON.parse(text) as Record<string, unknown>;
    return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) =>
      Object.keys((manifest[group] as object | undefined) ?? {}),
    );
  } catch {
    return [];
  }
}
