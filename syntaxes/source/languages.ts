/** A language that a heredoc body can be in, with a grammar that VS Code ships. */
export interface Language {
  /** VS Code's language identifier. */
  readonly id: string;
  /** The root scope of VS Code's grammar for it. */
  readonly scope: string;
  /** Regular expression for the programs that read it from standard input or name it in a shebang. */
  readonly interpreters?: string;
  /** Regular expression for the extensions of files in it. */
  readonly extensions?: string;
}

/** The language of a RUN heredoc with no command around it. */
export const shell: Language = {
  id: 'shellscript',
  scope: 'source.shell',
  interpreters: '(?:ba|da|k|z|a)?sh',
  extensions: 'sh|bash|ash|ksh|zsh|profile|bashrc|zshrc|envrc',
};

/** Few, because opening a Dockerfile makes VS Code load the grammars of all of them. */
export const languages: readonly Language[] = [
  shell,
  { id: 'python', scope: 'source.python', interpreters: '(?:python|pypy)[\\d.]*', extensions: 'py|pyi' },
  { id: 'javascript', scope: 'source.js', interpreters: 'node|nodejs|bun|deno', extensions: 'js|mjs|cjs' },
  { id: 'perl', scope: 'source.perl', interpreters: 'perl[\\d.]*', extensions: 'pl|pm' },
  { id: 'ruby', scope: 'source.ruby', interpreters: 'ruby[\\d.]*', extensions: 'rb' },
  { id: 'php', scope: 'text.html.php', interpreters: 'php[\\d.]*', extensions: 'php' },
  { id: 'sql', scope: 'source.sql', interpreters: 'psql|mysql|mariadb|sqlite3', extensions: 'sql' },
  { id: 'json', scope: 'source.json', extensions: 'json' },
  { id: 'yaml', scope: 'source.yaml', extensions: 'ya?ml' },
  { id: 'ini', scope: 'source.ini', extensions: 'ini|cfg|cnf|properties|service|timer|socket|desktop' },
  { id: 'xml', scope: 'text.xml', extensions: 'xml|svg' },
  { id: 'html', scope: 'text.html.basic', extensions: 'html?' },
  { id: 'css', scope: 'source.css', extensions: 'css' },
];

/** The scope that says a heredoc body is in a language; the manifest's `embeddedLanguages` maps it back to the language. */
export function bodyScope(language: Language): string {
  return `meta.embedded.block.${language.id}`;
}
