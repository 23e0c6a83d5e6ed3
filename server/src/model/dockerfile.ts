/** The meaning of a Dockerfile: its stages and what holds at each instruction. */
export interface Dockerfile {
  readonly text: string;
}
