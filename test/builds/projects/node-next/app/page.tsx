import { highWaters } from '../lib/tides';

export default function Page() {
  return (
    <main>
      <h1>High waters</h1>
      <ul>
        {highWaters(3.5).map((time) => (
          <li key={time}>{time}</li>
        ))}
      </ul>
    </main>
  );
}
