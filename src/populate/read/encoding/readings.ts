/**
 * Judges readings of text in single-byte encodings, which the text does not name. A reading is plausible if its words look like words: no
 * capital after a small letter, no sign between letters, no control characters, one script per word.
 */

/** Encodings of Western and Central European text, and those that are often confused with them. */
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

/** The encoding to use if all plausible readings agree. */
export const USUAL: SingleByteEncoding = 'windows-1252';

/** The non-ASCII characters of DOS. For comparison only, since the Encoding Standard does not contain this encoding. */
const DOS =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´≡±‗¾¶§÷¸°¨·¹³²■\u00a0';

/** Encodings of Latin scripts, which are often confused. */
const LATIN = ENCODINGS.slice(0, 6);

/** The non-ASCII bytes that mean the same character in all encodings of Latin scripts, such as ä, é and ß. */
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
  // undefined bytes, control characters, box drawing, mathematics, lone accents
  /[\u0080-\u009f\ufffd\u2500-\u25ff\u2200-\u22ff\u2320\u2321†‡ﬁﬂ÷¬¤]|(?![`^])\p{Sk}|\p{Lm}/u,
  // a capital within a word: "AndrÈ", "MŸller"
  new RegExp(
    `\\p{Ll}(?=${BEYOND_ASCII})\\p{Lu}|\\p{Ll}[A-Z](?=${BEYOND_ASCII})|\\p{L}(?=${BEYOND_ASCII})\\p{Lu}\\p{Ll}`,
    'u',
  ),
  // a sign or a number within a word, other than an apostrophe or a hyphen: "M¸ller"
  new RegExp(`\\p{L}(?![’‘·–\u00ad])(?=${BEYOND_ASCII})[^\\p{L}\\p{M}\\s]\\p{L}`, 'u'),
  // an opening quote or similar sign after a letter: "Andr‚"
  /\p{L}[‚„“‘«¿¡]/u,
  // a lone letter: "10 Ä", "ß 5", or within a number
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
