/** One stage of an ordinary Dockerfile, 12 lines; the number keeps stages apart, so that nothing is memoized from one to the next. */
function stage(n: number): string[] {
  return [
    `FROM node:22 AS stage${n}`,
    `# Stage ${n} of a generated file`,
    'WORKDIR /app',
    'RUN apt-get update && \\',
    `    apt-get install -y curl python3 build-essential=${n} && \\`,
    '    rm -rf /tmp/*',
    'COPY . .',
    `RUN npm install && npm run build -- --stage=${n}`,
    `ENV STAGE=${n} PORT=3000`,
    'EXPOSE 3000',
    `LABEL stage="${n}"`,
    'CMD npm start',
  ];
}

/** A Dockerfile of exactly `lines` lines. `seed` makes texts that share no line that matters. */
export function dockerfileText(lines: number, seed = 0): string {
  const all: string[] = [];
  for (let n = seed * 10_000; all.length < lines; n++) {
    all.push(...stage(n));
  }
  return `${all.slice(0, lines).join('\n')}\n`;
}
