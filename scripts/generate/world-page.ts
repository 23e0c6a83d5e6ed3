/** What somebody who knows the ecosystem said of the slimmed result of a project. */
export type Verdict = 'right' | 'acceptable' | 'wrong' | 'refused' | 'silent';

export interface WorldRound {
  /** ISO date on which the results were read. */
  readonly date: string;
  /** What the round was taken with, and who read it. */
  readonly about: string;
  readonly projects: readonly {
    /** owner/name, and the folder of the Dockerfile where it is not the root. */
    readonly repository: string;
    readonly commit: string;
    readonly ecosystem: string;
    readonly verdict: Verdict;
    /** What was wrong, missing or good, in a sentence. */
    readonly note: string;
    /** True where what was wrong was fixed behind the reading, by its class. */
    readonly isMended?: boolean;
  }[];
}

const verdicts: readonly Verdict[] = ['right', 'acceptable', 'wrong', 'refused', 'silent'];

/** docs/world.md, from the files of docs/world. */
export function worldPage(rounds: readonly WorldRound[]): string {
  return `# Projects of other people

Public projects that appear in no test of Ballast, slimmed as they are (\`ballast slim --write\`) and read as an expert of their
ecosystem would read a change before merging it. The verdicts are of what came out on the day of the reading, the bad ones as well;
"fixed since" says that the class of the fault was fixed behind it, not that the verdict was changed. \`npm run world -- FOLDER\` lays
such results out for reading.

- **right**: would be merged as it is. **acceptable**: works, and leaves something on the table or says it awkwardly.
- **wrong**: would break a build, a start or data. **refused**: an expert would have done it, and Ballast says why it does not.
- **silent**: an expert would have done something, and nothing is said.

| round | projects | right | acceptable | wrong | refused | silent |
|---|---:|---:|---:|---:|---:|---:|
${rounds.map((round, i) => `| [${i + 1}](#round-${i + 1}), ${round.date} | ${round.projects.length} | ${verdicts.map((verdict) => round.projects.filter((one) => one.verdict === verdict).length).join(' | ')} |`).join('\n')}
${rounds
  .map(
    (round, i) => `
## Round ${i + 1}

${round.about}

| project | commit | ecosystem | verdict | |
|---|---|---|---|---|
${round.projects.map((one) => `| ${one.repository} | ${one.commit.slice(0, 10)} | ${one.ecosystem} | ${one.verdict}${one.isMended === true ? ', fixed since' : ''} | ${one.note.replaceAll('|', '\\|')} |`).join('\n')}
`,
  )
  .join('')}`;
}
