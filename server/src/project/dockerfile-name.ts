/** Names under which Dockerfiles are kept: `Dockerfile`, `Dockerfile.web`, `Dockerfile-dev`, `web.Dockerfile`, `Containerfile` … */
const dockerfileName = /^(?:dockerfile|containerfile)(?:[.\-_].+)?$|\.(?:dockerfile|containerfile)$/i;

/** Names that also belong to notes, tests and programs about Dockerfiles. */
const openName = /^(?:dockerfile|containerfile)[-_]/i;

/** Endings of templates, of which other programs make Dockerfiles. */
const templateEnding =
  /\.(?:j2|jinja2?|tmpl|tpl|gotmpl|template|erb|ejs|hbs|handlebars|mustache|liquid|in|m4|jet|ecr|eex)$/i;

/** Endings of sources, data and documents: `dockerfile.js` is mostly a program about Dockerfiles. */
const foreignEnding =
  /\.(?:[cm]?[jt]sx?|pyi?|go|rs|rb|java|kts?|cs|fs|vb|php|cc?|cpp|hh?|hpp|swift|scala|clj|exs?|erl|hs|lua|pl|r|jl|dart|vue|svelte|sh|bash|ps1|bat|md|mdx|rst|adoc|txt|html?|css|s[ac]ss|less|json[5c]?|ya?ml|toml|xml|ini|cfg|conf|properties|lock|sql|csv|svg|png|jpe?g|gif|ico|pdf|snap|log|map|patch|diff|vim|el|plist|xcconfig|tmlanguage|sublime-syntax|cson)$/i;

/** What a name says of a file: a Dockerfile, none, or that its text decides. */
export function dockerfileNameKind(name: string): 'yes' | 'no' | 'by-text' {
  if (!dockerfileName.test(name) || /\.(?:docker|container)ignore$/i.test(name)) {
    return 'no';
  }
  return foreignEnding.test(name) || openName.test(name) || templateEnding.test(name) ? 'by-text' : 'yes';
}

/**
 * True for a text that starts as a Dockerfile must: behind comments and empty lines, with FROM or ARG and nothing that
 * BuildKit does not take there. `from x import y` of Python is none.
 */
export function startsAsDockerfile(text: string): boolean {
  const first = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#') && line !== '\uFEFF');
  return (
    first !== undefined &&
    /^(?:ARG\s+\w+(?:=.*|\s*\\)?|FROM\s+(?:--platform=\S+\s+)?[^\s'"();{}]+(?:\s+AS\s+[\w.-]+)?(?:\s*\\)?)$/i.test(
      first,
    )
  );
}

/** True for a Dockerfile by its name, and by its text where the name leaves that open. */
export function isDockerfile(name: string, text: () => string | undefined): boolean {
  const kind = dockerfileNameKind(name);
  return kind === 'yes' || (kind === 'by-text' && isDockerfileText(name, text() ?? ''));
}

/** True for the text of a file that its name leaves open: it starts as a Dockerfile, and holds no signs of a template. */
export function isDockerfileText(name: string, text: string): boolean {
  const isTemplate = templateEnding.test(name) && /\{\{|\{%|<%|%%|@[A-Z_]{2,}@/.test(text);
  return startsAsDockerfile(text) && !isTemplate;
}

/**
 * True for a document that an editor takes for a Dockerfile by its name alone, and that is none: `dockerfile.js`. An empty one,
 * and one whose first word is still being typed, may become a Dockerfile.
 */
export function isForeignText(name: string, text: string): boolean {
  const isUnwritten = /^\s*(?:\w{0,4}|from\s*)$/i.test(text.slice(0, 1000));
  const isOpen = dockerfileNameKind(name) === 'by-text' && !/^[^.]+$/.test(name);
  return isOpen && !isUnwritten && !isDockerfileText(name, text);
}
