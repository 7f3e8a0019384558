/** Reads the query parameters of a request as its route describes them. */
import type { Call, Parameter } from '../../config/route.ts';
import { suggestion } from '../../shared/text/suggest.ts';
import { shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';

type Given = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Most requests have no query. */
const NONE: Call['query'] = Object.freeze({});

/**
 * @param parameters of the route
 * @returns the reader, which throws a Problem 400 for a parameter that is unknown, occurs twice, or has a value of another type
 */
export function queryReader(parameters: Readonly<Record<string, Parameter>>): (given: Given) => Call['query'] {
  const required = Object.entries(parameters).filter((one) => one[1]['required'] === true);
  return (given) => {
    const values = Object.keys(given).length === 0 ? NONE : readEach(parameters, given);
    const missing = required.find(([name]) => !(name in values));
    if (missing !== undefined) {
      throw refused(`The query parameter ${missing[0]} is missing: ${missing[1].description}.`);
    }
    return values;
  };
}

function readEach(parameters: Readonly<Record<string, Parameter>>, given: Given): Call['query'] {
  const values: Record<string, string | number | boolean> = {};
  for (const [name, text] of Object.entries(given)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      const known = Object.keys(parameters);
      const advice = known.length === 0 ? 'The path takes none.' : suggestion(name, known);
      throw refused(`There is no query parameter "${shown(name)}". ${advice}`);
    }
    if (typeof text !== 'string') {
      throw refused(`The query parameter ${name} is given more than once. Keep one.`);
    }
    values[name] = readValue(name, text, parameter);
  }
  return values;
}

function readValue(name: string, text: string, parameter: Parameter): string | number | boolean {
  switch (parameter.type) {
    case 'integer':
      return wholeNumber(name, text, parameter);
    case 'boolean':
      if (text !== 'true' && text !== 'false') {
        throw refused(`The query parameter ${name} is "${shown(text)}". Write true or false.`);
      }
      return text === 'true';
    default:
      return word(name, text, parameter);
  }
}

function wholeNumber(name: string, text: string, { minimum, maximum }: Parameter): number {
  const [least, most] = [Number(minimum ?? Number.MIN_SAFE_INTEGER), Number(maximum ?? Number.MAX_SAFE_INTEGER)];
  const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw refused(`The query parameter ${name} is "${shown(text)}". Write a whole number from ${least} to ${most}.`);
  }
  return number;
}

function word(name: string, text: string, { enum: words, minLength }: Parameter): string {
  if (text === '' && Number(minLength ?? 0) > 0) {
    throw refused(`The query parameter ${name} is empty. Give it a value, or leave it out.`);
  }
  if (text.includes('\0')) {
    throw refused(`The query parameter ${name} has a zero byte, which no text has here.`);
  }
  if (Array.isArray(words) && !words.includes(text)) {
    throw refused(`The query parameter ${name} is "${shown(text)}". Write one of ${words.join(', ')}.`);
  }
  return text;
}

function refused(detail: string): Problem {
  return new Problem(400, 'usage', detail);
}
