/** JSON numbers that a JavaScript number represents exactly. */

/**
 * Whether a JavaScript number represents `text`, such as `1e3` or `12.50`, exactly. It does not for integers beyond the safe ones, or for
 * decimals with more digits than a double keeps.
 *
 * @param text one JSON number, perhaps with white space around it
 */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  const isUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  return Number.isFinite(value) && !isUnsafe && canonical(text.trim()) === canonical(String(value));
}

/** The same text for all spellings of a number: sign, digits without zeros at either end, exponent. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  return significant === ''
    ? '0'
    : `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** Runs in linear time: the pattern /0+$/ would restart at each zero. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end--;
  }
  return digits.slice(0, end);
}
