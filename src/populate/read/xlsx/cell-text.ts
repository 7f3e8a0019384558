/** The texts of cells. */

const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

/** Text as it was entered: what XML cannot hold, such as a carriage return, is written as `_x000D_`. */
export function cellText(text: string): string {
  return text.includes('_x')
    ? text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

/** A number in its shortest exact decimal form, without an exponent. */
export function numberText(number: number): string {
  const text = String(number);
  if (!text.includes('e')) {
    return text;
  }
  const [, sign = '', whole = '', fraction = '', exponent = ''] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const power = Number(exponent);
  const digits = whole + fraction;
  return power > 0 ? `${sign}${digits.padEnd(power + 1, '0')}` : `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
}
