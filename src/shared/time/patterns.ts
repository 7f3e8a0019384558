/**
 * Patterns that match exactly the valid days and points in time, for code that cannot call {@link toDate}, such as JSON Schema validators.
 */

const MONTHS_OF_31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])';
const MONTHS_OF_30 = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)';
const FEBRUARY = '02-(?:0[1-9]|1\\d|2[0-8])';
const LEAP_YEAR = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';

export const DAY_PATTERN = `(?:\\d{4}-(?:${MONTHS_OF_31}|${MONTHS_OF_30}|${FEBRUARY})|${LEAP_YEAR}-02-29)`;

const SIXTY = '[0-5]\\d';
const HOUR = '(?:[01]\\d|2[0-3])';
/** Digits after the milliseconds have to be zeros. */
const FRACTION = '\\.(?:\\d{1,3}|\\d{3}0{1,6})';
const CLOCK = `(?:${HOUR}:${SIXTY}(?::${SIXTY}(?:${FRACTION})?)?|24:00(?::00(?:\\.0{1,9})?)?)`;
const ZONE = `(?:[Zz]|[+-]${HOUR}(?::?${SIXTY}(?::${SIXTY})?)?)`;

/** Matches the texts that {@link toDate} accepts. */
export const INSTANT_PATTERN = `${DAY_PATTERN}[Tt ]${CLOCK}${ZONE}`;
