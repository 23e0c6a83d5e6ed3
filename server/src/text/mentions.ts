/** True where a text holds a name as a word of its own: no letter, digit or `_` stands beside it. */
export function mentionsWord(text: string, name: string): boolean {
  return wordPlaces(text, name).length > 0;
}

/** Where a name stands as a word of its own. */
export function wordPlaces(text: string, name: string): number[] {
  return placesOf(text, name).filter((at) => !isWordCharacter(text.charAt(at - 1)));
}

/** True where a text uses a variable: `$NAME`, `${NAME}`, `${NAME:-default}`. */
export function mentionsVariable(text: string, name: string): boolean {
  return variablePlaces(text, name).length > 0;
}

/** Where a name stands behind a `$` or `${`. */
export function variablePlaces(text: string, name: string): number[] {
  return placesOf(text, name).filter(
    (at) => text.charAt(at - 1) === '$' || (text.charAt(at - 1) === '{' && text.charAt(at - 2) === '$'),
  );
}

/** Where a name stands, no longer word behind it. */
function placesOf(text: string, name: string): number[] {
  const places: number[] = [];
  if (name !== '') {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
      if (!isWordCharacter(text.charAt(at + name.length))) {
        places.push(at);
      }
    }
  }
  return places;
}

function isWordCharacter(ch: string): boolean {
  return /^\w$/.test(ch);
}
