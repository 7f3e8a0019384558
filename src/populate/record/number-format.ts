/** Converts numbers from the notation in a file's settings to the standard one: digits, and a decimal point. */
import type { ValueSettings } from './value-settings.ts';

/** All spaces that may group digits: plain, no-break, thin, narrow. */
const SPACE = '[ \\u00a0\\u2009\\u202f\\u2007]';

/** Returns the standard text of a number; `undefined` for other text. */
type NumberReader = (text: string) => string | undefined;

/** @returns `undefined` if the settings change nothing */
export function numberReader(settings: ValueSettings): NumberReader | undefined {
  const { decimal, thousands, currency = [], negative } = settings;
  if (decimal === undefined && thousands === undefined && currency.length === 0 && negative === undefined) {
    return undefined;
  }
  const read = signedReader(settings);
  const form = negative === undefined ? undefined : NEGATIVE[negative];
  return form === undefined ? read : (text) => readNegative(text, form, read) ?? read(text);
}

const NEGATIVE: Readonly<Record<NonNullable<ValueSettings['negative']>, RegExp>> = {
  parentheses: /^\(([^()+-]+)\)$/,
  trailing: /^([^+-]+)-$/,
};

function readNegative(text: string, form: RegExp, read: NumberReader): string | undefined {
  const positive = form.exec(text)?.[1];
  const number = positive === undefined ? undefined : read(positive.trim());
  return number === undefined ? undefined : `-${number}`;
}

/** Reads numbers with a leading sign, or without one. */
function signedReader({ decimal, thousands, currency = [] }: ValueSettings): NumberReader {
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

/** Digits with signs that a plain number does not have. */
const FOREIGN =
  /^[+-]?(?:(?:\p{Sc}|\p{L}{1,3})\s?)?[+-]?\d[\d.,'\u2019_ \u00a0\u2009\u202f]*(?:\s?(?:\p{Sc}|\p{L}{1,3}))?$/u;

/** Digits in groups of three, perhaps with decimals. */
const GROUPED = /^[+-]?[1-9]\d{0,2}([.,'\u2019_ \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:[.,]\d+)?$/;

/** Maximum length of a text that may be meant as a number. */
const MAX_CHARACTERS = 60;

const PERCENTAGE = /^[+-]?\d[\d.,]*\s?%$/;

/** A clause about a number with a sign that plain numbers do not have. */
function signAdvice(text: string, { currency = [], negative }: ValueSettings): string | undefined {
  if (PERCENTAGE.test(text) && !currency.includes('%')) {
    const number = text.slice(0, -1).trim();
    return `if ${text} is to be ${number}, name its sign with --currency %; if it is to be a fraction, write it as one`;
  }
  if (negative !== undefined || !/\d/.test(text)) {
    return undefined;
  }
  if (/^\([^()a-z]+\)$/i.test(text)) {
    return 'if the parentheses make it negative, say so with --negative parentheses';
  }
  return /^[^+-]*\d\s?-$/.test(text) && !/[a-z]/i.test(text)
    ? 'if the sign behind it makes it negative, say so with --negative trailing'
    : undefined;
}

/** The number of an amount without the currency signs in the settings. */
function withoutCurrency(text: string, signs: readonly string[] = []): string {
  const sign = signs.find((one) => text.includes(one));
  return sign === undefined ? text : text.replace(sign, '').trim();
}

/** A clause about a text that is a number in some notation, and how to specify it. */
export function numberAdvice(written: string, settings: ValueSettings): string | undefined {
  const { decimal, thousands, currency } = settings;
  if (written.length > MAX_CHARACTERS) {
    return undefined;
  }
  const advice = signAdvice(written, settings);
  if (advice !== undefined || !FOREIGN.test(written)) {
    return advice;
  }
  const text = withoutCurrency(written, currency);
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
