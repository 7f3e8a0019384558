/** Invisible characters: texts that look the same may differ in them. */

/** Control and format characters, and all white space except the plain space. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}]|[^\S ]/u;

const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;

const EVERY_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/** Maximum number of characters of a text that a sentence shows. */
const SHOWN_CHARACTERS = 60;

/** @returns the first invisible character as its code point, such as `"U+200B"` */
export function invisibleIn(text: string): string | undefined {
  const [character] = INVISIBLE.exec(text) ?? [];
  return character === undefined ? undefined : codePointOf(character);
}

/** The text without control and format characters; white space stays. */
export function withoutInvisible(text: string): string {
  return text.replace(IGNORABLE, '');
}

/** Text of a file for a sentence: shortened, invisible characters as escapes. */
export function shown(text: string): string {
  const start = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return start.toWellFormed().replace(EVERY_INVISIBLE, escaped);
}

/** The same in quotes. */
export function quoted(text: string): string {
  return `"${shown(text)}"`;
}

/** A code point as the Unicode standard writes it. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
