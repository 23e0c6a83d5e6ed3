/** Converts an amount between two of the known currencies; the table holds how much one unit is worth in euros. */
export function convert(rates, { amount, from, to }) {
  return (Number(amount) * rates[from]) / rates[to];
}
