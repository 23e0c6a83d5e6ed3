import { BigNumber } from 'bignumber.js';

/** Millilitres in the measures of a kitchen. */
const millilitres: Record<string, string> = { teaspoon: '4.92892', tablespoon: '14.7868', cup: '236.588' };

/** An amount in millilitres, with one digit; undefined for a measure that is not known. */
export function toMillilitres(amount: string, measure: string): string | undefined {
  const one = millilitres[measure];
  return one === undefined ? undefined : new BigNumber(one).times(amount).toFixed(1);
}
