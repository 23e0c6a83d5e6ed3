/** Address of the page that explains a rule. */
export function rulePageUrl(rule: string): string {
  return `https://github.com/ballast-dev/ballast/blob/main/docs/rules/${rule}.md`;
}
