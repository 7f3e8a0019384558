/** Sanitizes external text for terminals. */

/**
 * Control sequences such as colours, and control strings such as window titles:
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/ (5.4 and 5.6). No start character of a sequence can occur
 * within another one, so each character is read at most twice.
 */
const CONTROL_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is for control characters
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;

// control characters, and characters that change the direction of the surrounding text:
// https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const UNSAFE_IN_LINES = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Printable ASCII, which most text is. */
const PLAIN = /^[ -~]*$/;

const MAX_SHOWN = 200;
/** Characters that are read per shown character of a long text, since control sequences take up characters. */
const READ_FOR_SHOWN = 20;

/** Converts text to one line of limited length, without control sequences. */
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

/** Sanitizes a message of several lines, which may be longer. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, MAX_MESSAGE))
    .join('\n');
}

/** Removes control sequences from text with any number of lines. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL_SEQUENCE, '').replace(UNSAFE_IN_LINES, '\ufffd');
}

/** JSON in which control characters are escaped, with the same value for parsers. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
