/** Parses a query before it is sent to a database: checks that it is a single read-only statement, and finds its parameters. */
import { MeridianError } from '../shared/errors.ts';

export interface Statement {
  /** Without a trailing semicolon. */
  readonly text: string;
  /** The first word, in lower case. */
  readonly keyword: string;
  /** The distinct names of its parameters, in order. */
  readonly parameters: readonly string[];
  /** The text with other placeholders for the parameters. */
  with(placeholder: (parameter: string) => string): string;
}

/** Statements that return rows and, on a read-only connection, change nothing. */
const READING: ReadonlySet<string> = new Set(['select', 'with', 'values', 'explain']);

/**
 * Tokens in which a semicolon or a colon has no special meaning: text (also in PostgreSQL's notations), quoted names, comments and casts;
 * then a parameter, or the end of the statement.
 */
const TOKEN =
  /\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|::|:(?<parameter>[A-Za-z_]\w*)|(?<end>;)/g;

const SKIPPED = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/;

/** @throws MeridianError `usage` for no statement, several statements, or one that is not read-only */
export function readStatement(sql: string): Statement {
  const end = endOf(sql);
  const text = sql.slice(0, end).trim();
  const keyword = /^\w*/.exec(text.replace(SKIPPED, ''))?.[0].toLowerCase() ?? '';
  if (keyword === '' && text.replace(SKIPPED, '') === '') {
    throw new MeridianError(
      'usage',
      "There is no query. Give one statement, such as 'select 1', or name a file with --file.",
    );
  }
  if (
    sql
      .slice(end + 1)
      .replaceAll(';', ' ')
      .replace(SKIPPED, '') !== ''
  ) {
    throw new MeridianError('usage', 'There is more than one statement. Run the command once for each.');
  }
  if (!READING.has(keyword)) {
    throw new MeridianError(
      'usage',
      `A query begins with SELECT, WITH, VALUES or EXPLAIN, and this one with "${keyword || text.slice(0, 1)}". It reads and changes nothing: use the database's own shell for other statements.`,
    );
  }
  const parameters = [...text.matchAll(TOKEN)].flatMap(({ groups }) => groups?.['parameter'] ?? []);
  return {
    text,
    keyword,
    parameters: [...new Set(parameters)],
    with: (placeholder) =>
      text.replace(TOKEN, (token, ...rest) => {
        const { parameter } = rest.at(-1) as { readonly parameter?: string };
        return parameter === undefined ? token : placeholder(parameter);
      }),
  };
}

function endOf(sql: string): number {
  for (const match of sql.matchAll(TOKEN)) {
    if (match.groups?.['end'] !== undefined) {
      return match.index;
    }
  }
  return sql.length;
}

/**
 * The values of the parameters, in order.
 *
 * @throws MeridianError `usage` for a parameter without a value, and for a value without its parameter
 */
export function valuesOf({ parameters }: Statement, given: ReadonlyMap<string, string>): string[] {
  const unknown = [...given.keys()].filter((name) => !parameters.includes(name));
  if (unknown.length > 0) {
    throw new MeridianError('usage', `The query has no parameter :${unknown[0]}. ${parametersIn(parameters)}`);
  }
  return parameters.map((name) => {
    const value = given.get(name);
    if (value === undefined) {
      throw new MeridianError(
        'usage',
        `The query's parameter :${name} has no value. Give it one with --param ${name}=<value>.`,
      );
    }
    return value;
  });
}

function parametersIn(parameters: readonly string[]): string {
  return parameters.length === 0 ? 'It has none.' : `It has ${parameters.map((name) => `:${name}`).join(', ')}.`;
}
