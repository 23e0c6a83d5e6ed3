/** Turns the text of a RUN into commands. Made once by the host, because the grammar is loaded asynchronously. */
export interface ShellParser {
  readonly ready: true;
}
