/** A part of the served VS Code is not on this machine and cannot be installed by the script. The message says what to do. */
export class MissingPart extends Error {}
