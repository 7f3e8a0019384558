/** The texts of cells. */

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** Decodes text: characters that XML cannot contain, such as a carriage return, are written as `_x000D_`. */
export function cellText(text: string): string {
  return text.includes('_x')
    ? text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}
