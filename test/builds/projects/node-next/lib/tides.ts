/** Hours between two high waters, on average. */
const period = 12.4206;

/** The hours of a day at which the water is high, when it was high at the given hour. */
export function highWaters(first: number): string[] {
  const hours: number[] = [];
  for (let hour = first % period; hour < 24; hour += period) {
    hours.push(hour);
  }
  return hours.map((hour) => {
    const minutes = Math.round(hour * 60);
    return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  });
}
