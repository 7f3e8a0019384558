/** Numbers as the settings of a file say that they are written, made those that are read everywhere: digits, and a full stop. */
import type { ValueSettings } from './value-settings.ts';

/** Every kind of space that groups digits: plain, no-break, thin, narrow. */
const SPACE = '[ \\u00a0\\u2009\\u202f\\u2007]';

/** @returns what makes the standard text of a number, and `undefined` of any other text; `undefined` where the settings change nothing */
export function numberReader({
  decimal,
  thousands,
  currency = [],
}: ValueSettings): ((text: string) => string | undefined) | undefined {
  if (decimal === undefined && thousands === undefined && currency.length === 0) {
    return undefined;
  }
  const group = thousands === undefined ? undefined : groupOf(thousands);
  const whole = group === undefined ? '\\d+' : `\\d{1,3}(?:${group}\\d{3})+|\\d+`;
  const sign = currency.length === 0 ? '' : `(?:${currency.map(escaped).join('|')})`;
  const before = sign === '' ? '' : `(?:${sign}\\s*)?`;
  const behind = sign === '' ? '' : `(?:\\s*${sign})?`;
  const number = new RegExp(`^([+-]?)${before}([+-]?)(${whole})(?:${escaped(decimal ?? '.')}(\\d+))?${behind}$`);
  const groups = group === undefined ? undefined : new RegExp(group, 'g');
  return (text) => {
    const [all, first = '', second = '', digits = '', fraction] = number.exec(text) ?? [];
    if (all === undefined || (first !== '' && second !== '')) {
      return undefined;
    }
    const minus = first + second === '-' ? '-' : '';
    const grouped = groups === undefined ? digits : digits.replace(groups, '');
    return `${minus}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
  };
}

function groupOf(thousands: string): string {
  return thousands === ' ' ? SPACE : thousands === "'" || thousands === '’' ? "['’]" : escaped(thousands);
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/** Digits with signs that are not those of a plain number. */
const FOREIGN =
  /^[+-]?(?:(?:\p{Sc}|\p{L}{1,3})\s?)?[+-]?\d[\d.,'’_ \u00a0\u2009\u202f]*(?:\s?(?:\p{Sc}|\p{L}{1,3}))?$/u;

/** Digits in groups of three, which may have decimals. */
const GROUPED = /^[+-]?[1-9]\d{0,2}([.,'’_ \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:[.,]\d+)?$/;

/** A clause about a text that is a number somewhere, and how to say where. */
export function numberAdvice(text: string, { decimal, thousands, currency }: ValueSettings): string | undefined {
  if (text.length > 60 || !FOREIGN.test(text)) {
    return undefined;
  }
  if (/\p{Sc}|\p{L}/u.test(text)) {
    return currency === undefined && /\p{Sc}|(?<!\p{L})\p{Lu}{3}(?!\p{L})/u.test(text)
      ? 'if it is an amount, name its currency signs with --currency'
      : undefined;
  }
  if (/^-?\d{1,3},\d{3}$/.test(text) && decimal === undefined && thousands === undefined) {
    return `it can be ${text.replace(',', '')} or ${text.replace(',', '.')}: name the decimal sign with --decimal, or what groups digits with --thousands`;
  }
  if (decimal === undefined && /,\d+$/.test(text)) {
    return 'if the comma is its decimal sign, say so with --decimal ,';
  }
  return thousands === undefined && GROUPED.test(text)
    ? 'if its digits are grouped, name the sign between them with --thousands'
    : undefined;
}
