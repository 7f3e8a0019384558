/** Makes a pattern that matches exactly the whole numbers of a range as text, leading zeros included. */

/** @param least, most whole numbers; without one, the range has no limit on that side */
export function wholePattern(least: number | undefined, most: number | undefined): string {
  const parts = [];
  if (most === undefined || most >= 0) {
    parts.push(`0*(?:${amounts(Math.max(least ?? 0, 0), most)})`);
  }
  if (least === undefined || least < 0) {
    parts.push(`-0*(?:${amounts(Math.max(-(most ?? 0), 1), least === undefined ? undefined : -least)})`);
  }
  return parts.join('|');
}

/** Whole numbers from 0, without leading zeros. */
function amounts(least: number, most: number | undefined): string {
  const [first, last] = [String(Math.max(least, 1)), most === undefined ? undefined : String(most)];
  const zero = least <= 0 ? ['0'] : [];
  if (last === undefined) {
    return [...zero, alike(first, nines(first.length)), `[1-9]\\d{${first.length},}`].join('|');
  }
  if (Number(last) < Number(first)) {
    return zero.join('|');
  }
  if (first.length === last.length) {
    return [...zero, alike(first, last)].join('|');
  }
  const between = last.length - first.length > 1 ? [`[1-9]\\d{${first.length},${last.length - 2}}`] : [];
  const longest = alike(`1${'0'.repeat(last.length - 1)}`, last);
  return [...zero, alike(first, nines(first.length)), ...between, longest].join('|');
}

/** Numbers of the same length. */
function alike(least: string, most: string): string {
  const [low = '', ...lows] = least;
  const [high = '', ...highs] = most;
  const rest = lows.length;
  if (rest === 0) {
    return digit(low, high);
  }
  if (/^0*$/.test(lows.join('')) && /^9*$/.test(highs.join(''))) {
    return `${digit(low, high)}${digits(rest)}`;
  }
  if (low === high) {
    return `${low}(?:${alike(lows.join(''), highs.join(''))})`;
  }
  const [from, to] = [Number(low) + 1, Number(high) - 1];
  return [
    `${low}(?:${alike(lows.join(''), nines(rest))})`,
    ...(from <= to ? [`${digit(String(from), String(to))}${digits(rest)}`] : []),
    `${high}(?:${alike('0'.repeat(rest), highs.join(''))})`,
  ].join('|');
}

function digit(low: string, high: string): string {
  return low === high ? low : low === '0' && high === '9' ? '\\d' : `[${low}-${high}]`;
}

function digits(count: number): string {
  return count === 1 ? '\\d' : `\\d{${count}}`;
}

function nines(count: number): string {
  return '9'.repeat(count);
}
