/** Text as it may stand in HTML, as content and within quotes. Characters that cannot be seen are made visible. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === '\t' || char === '\n' ? char : '\ufffd'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
