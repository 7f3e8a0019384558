/** JSON numbers that JavaScript holds as they are written. */

/**
 * Whether JavaScript has a number of exactly the value that `text` spells, such as `1e3` and `12.50`. It has none for a whole number
 * beyond the safe integers, or for a decimal with more digits than a number keeps.
 *
 * @param text of one JSON number, with white space around it or not
 */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  const isUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value);
  return Number.isFinite(value) && !isUnsafe && canonical(text.trim()) === canonical(String(value));
}

/** One spelling for all texts of the same number: sign, digits without zeros around them, exponent. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  return significant === ''
    ? '0'
    : `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** In linear time: the pattern /0+$/ starts again at each zero. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end--;
  }
  return digits.slice(0, end);
}
