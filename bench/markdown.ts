/** Figures and tables as text. */

/** 1234567 -> "1,234,567" */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** 0.05 -> "5 %" */
export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

export function seconds(value: number): string {
  return value.toFixed(2);
}

/** Millions of bytes; a dash where they were not measured. */
export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '–' : whole(bytes / 1e6);
}

/** A table whose columns are aligned to the right where `numeric` says so. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly boolean[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `| ${header.map((_, column) => (numeric[column] ? '---:' : '---')).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}
