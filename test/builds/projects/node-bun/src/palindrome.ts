/** True for a text that reads the same from both ends, its letters and digits alone. */
export function isPalindrome(text: string): boolean {
  const letters = [...text.toLowerCase()].filter((one) => /[\p{Letter}\p{Number}]/u.test(one));
  return letters.join('') === letters.toReversed().join('');
}
