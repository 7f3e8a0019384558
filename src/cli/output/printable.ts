/** Text from outside, made safe for a terminal. */

/**
 * Control sequences such as colours, and control strings such as window titles:
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/ (5.4 and 5.6). No character that begins one can stand
 * within another, so each character is read at most twice, whatever the text.
 */
const CONTROL_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;

// what can turn the direction of the text around it: https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const UNSAFE_IN_LINES = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** As most text is. */
const PLAIN = /^[ -~]*$/;

const MAX_SHOWN = 200;
/** Of a longer text, so much for each character that is shown is read: control sequences are longer than what they leave. */
const READ_FOR_SHOWN = 20;

/** One line of text: no control sequences, no line breaks, not endless. */
export function printable(text: string, maxShown = MAX_SHOWN): string {
  if (text.length <= maxShown && PLAIN.test(text)) {
    return text;
  }
  const read = text.slice(0, maxShown * READ_FOR_SHOWN);
  const visible = [...read.replace(CONTROL_SEQUENCE, '').replace(UNSAFE, '\ufffd')];
  const isWhole = visible.length <= maxShown && text.length === read.length;
  return isWhole ? visible.join('') : `${visible.slice(0, maxShown).join('')}…`;
}

const MAX_MESSAGE = 4000;

/** The same for a message of several lines, none of them cut short. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, MAX_MESSAGE))
    .join('\n');
}

/** Whole text of any number of lines, without what a terminal would obey. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL_SEQUENCE, '').replace(UNSAFE_IN_LINES, '\ufffd');
}

/** JSON in which what a terminal would obey is escaped; a parser reads the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
