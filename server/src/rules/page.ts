/** Where the generated page of a rule can be read. */
export function rulePageUrl(rule: string): string {
  return `https://github.com/ballast-dev/ballast/blob/main/docs/rules/${rule}.md`;
}
