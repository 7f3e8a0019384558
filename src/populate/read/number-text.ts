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
