/**
 * The readings of text in an encoding of one byte a character, of which nothing in the text says which it is. A reading is plausible when
 * its words look like words: no capital letter behind a small one, no sign between letters, no control characters, one script a word.
 */

/** What text of the West and the middle of Europe is encoded in, and what is often confused with it. */
export const ENCODINGS = [
  'windows-1252',
  'iso-8859-15',
  'iso-8859-2',
  'windows-1250',
  'windows-1254',
  'windows-1257',
  'windows-1251',
  'windows-1253',
  'koi8-r',
  'macintosh',
  'cp850',
] as const;

type SingleByteEncoding = (typeof ENCODINGS)[number];

/** The one that is taken where all plausible readings agree. */
export const USUAL: SingleByteEncoding = 'windows-1252';

/** Above ASCII, of DOS: for comparison only, since the Encoding Standard does not have it. */
const DOS =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´≡±‗¾¶§÷¸°¨·¹³²■\u00a0';

/** Those of languages with Latin letters: text of these is often confused. */
const LATIN = ENCODINGS.slice(0, 6);

/** The bytes beyond ASCII that are the same character in all encodings of Latin letters, such as ä, é and ß. */
export function commonBytes(): number[] {
  const decoders = LATIN.map((encoding) => new TextDecoder(encoding));
  const all = Array.from({ length: 0x80 }, (_, index) => 0x80 + index);
  return all.filter((byte) => new Set(decoders.map((decoder) => decoder.decode(Uint8Array.of(byte)))).size === 1);
}

const decoders = new Map<string, TextDecoder>();

export function readAs(encoding: SingleByteEncoding, bytes: Buffer): string {
  if (encoding === 'cp850') {
    return readDos(bytes);
  }
  const decoder = decoders.get(encoding) ?? new TextDecoder(encoding);
  decoders.set(encoding, decoder);
  return decoder.decode(bytes);
}

function readDos(bytes: Buffer): string {
  return Array.from(bytes.toString('latin1'), (character) => {
    const code = character.charCodeAt(0);
    return code < 0x80 ? character : (DOS[code - 0x80] ?? '');
  }).join('');
}

const BEYOND_ASCII = '[\\u0080-\\u{10ffff}]';

const IMPLAUSIBLE: readonly RegExp[] = [
  // what the encoding does not define, control characters, lines of boxes, mathematics, accents alone
  /[\u0080-\u009f\ufffd\u2500-\u25ff\u2200-\u22ff\u2320\u2321†‡ﬁﬂ÷¬¤]|(?![`^])\p{Sk}|\p{Lm}/u,
  // a capital within a word: "AndrÈ", "MŸller"
  new RegExp(
    `\\p{Ll}(?=${BEYOND_ASCII})\\p{Lu}|\\p{Ll}[A-Z](?=${BEYOND_ASCII})|\\p{L}(?=${BEYOND_ASCII})\\p{Lu}\\p{Ll}`,
    'u',
  ),
  // a sign or a number within a word, other than an apostrophe or a hyphen: "M¸ller"
  new RegExp(`\\p{L}(?![’‘·–\u00ad])(?=${BEYOND_ASCII})[^\\p{L}\\p{M}\\s]\\p{L}`, 'u'),
  // what opens something, behind a letter: "Andr‚"
  /\p{L}[‚„“‘«¿¡]/u,
  // a letter alone: "10 Ä", "ß 5", or within a number
  new RegExp(
    `(?<!\\p{L})(?=${BEYOND_ASCII})(?:\\p{Lu}|[ßþðƒıÿªº])(?!\\p{L})|\\p{N}(?=${BEYOND_ASCII})\\p{L}\\p{N}`,
    'u',
  ),
  // two scripts in a word: "Mьller"
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u,
];

export function isPlausible(text: string): boolean {
  return IMPLAUSIBLE.every((pattern) => !pattern.test(text));
}
