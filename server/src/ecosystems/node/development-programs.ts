import { nameOf } from '../../project/paths.ts';

/** Programs that compile, reload or serve while somebody develops; what they load is declared for development. */
export const developmentProgram =
  /^(?:ts-node|tsx|nodemon|vite|jest|next|webpack|react-scripts|vue-cli-service|ng$|nuxt|parcel|gatsby|astro|browser-sync)/;

/** The programs that packages bring, by their names; packages of types bring none: @types/node is not `node`. */
export function programsOf(names: readonly string[]): string[] {
  return names
    .filter((name) => !name.startsWith('@types/'))
    .flatMap((name) => [
      name,
      nameOf(name),
      ...(name === 'typescript' ? ['tsc'] : []),
      ...(name === '@nestjs/cli' ? ['nest'] : []),
    ]);
}

/** True for the words of a command that runs or loads one of these programs: `nodemon app.js`, `node -r ts-node/register`. */
export function namesProgram(words: readonly string[], programs: readonly string[]): boolean {
  return words.some(
    (word) =>
      programs.includes(nameOf(word)) ||
      programs.some((program) => word === program || word.startsWith(`${program}/`)),
  );
}
