/** Compares what a page shows with what its commands print. */

/**
 * Whether `shown` is a part of `printed`. A line `…` stands for any lines, `…` within a line for any text. Times, durations, ids, widths of tables
 * and separators of thousands may differ.
 */
export function isShown(shown: string, printed: string): boolean {
  const pattern = loose(shown)
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(escaped).join('.*')}\\n`))
    .join('');
  return new RegExp(`(?:^|\\n)${pattern}`).test(`${loose(printed)}\n`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** Without what differs from run to run. */
function loose(text: string): string {
  return text
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22}/g, '<id>')
    .replaceAll(/"seconds":[\d.]+/g, '"seconds":<seconds>')
    .replaceAll(/(?<![\d.,])\d{1,2}\.\d\d(?= +│)/g, '<seconds>')
    .replaceAll(/(?<=\d),(?=\d{3})/g, '')
    .replaceAll(/─+/g, '─')
    .replaceAll(/ +/g, ' ');
}
