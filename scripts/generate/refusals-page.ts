import { liftsOf, refusalCodes } from '../../server/src/ecosystems/refusal.ts';

/** docs/refusals.md: every reason for which a fix is refused. */
export function refusalsPage(): string {
  const rows = [...refusalCodes].sort().map((code) => `| \`${code}\` | ${liftsOf(code)} |`);
  return `# Why there is no fix

Ballast offers a fix where it knows that the build and the container work as before. Where it does not know, the finding says what could
not be read; the editor puts what would lift that behind it, \`ballast slim\` lists both, and the reports for programs (\`json\`, \`sarif\`)
have them as \`unfixed\`, with a code that keeps its meaning. The rules \`single-stage-build\`, \`runs-as-root\`, \`healthcheck-missing\` and
\`heavier-base-than-needed\` have the codes below; of every other rule its page says when it has no fix, and the code is the rule's name.

| code | what would lift it |
|---|---|
${rows.join('\n')}
`;
}
