/** Values at the borders of the rules that every id keeps: a positive whole number that JavaScript holds exactly. */

export const VALID_IDS: [given: unknown, id: number][] = [
  ['1', 1],
  ['  1\t', 1],
  ['007', 7],
  ['9007199254740991', 9007199254740991],
  [1, 1],
  [9007199254740991, 9007199254740991],
];

/** Values that are not even a whole number. */
export const NOT_WHOLE: unknown[] = [
  '12abc',
  'abc',
  '1e3',
  '0x10',
  '1.5',
  '1.0',
  '-0',
  '+1',
  '1,000',
  '1_000',
  '1 000',
  '--1',
  '١',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  'NaN',
  'Infinity',
  'true',
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  [],
  [1],
  {},
];

/** What the message about a text adds, where the text is a whole number in other files. */
export const SETTING_ADVICE: Record<string, string> = {
  '1,000': ' (it can be 1000 or 1.000: name the decimal sign with --decimal, or what groups digits with --thousands)',
  '1_000': ' (if its digits are grouped, name the sign between them with --thousands)',
  '1 000': ' (if its digits are grouped, name the sign between them with --thousands)',
};

/** Values of an id, and the one rule that each of them breaks. */
export const ID_ERRORS: [id: unknown, code: 'isNotEmpty' | 'isInt' | 'isPositive'][] = [
  ['', 'isNotEmpty'],
  [' ', 'isNotEmpty'],
  [null, 'isNotEmpty'],
  [undefined, 'isNotEmpty'],
  ...NOT_WHOLE.map((id): [unknown, 'isInt'] => [id, 'isInt']),
  ['0', 'isPositive'],
  ['-1', 'isPositive'],
  ['-9007199254740991', 'isPositive'],
  [0, 'isPositive'],
  [-0, 'isPositive'],
  [-1, 'isPositive'],
];
