/** The encodings that text can be in: those of the Encoding Standard, by any of their labels. */

/** @returns the name of the encoding with this label: `windows-1252` for `latin1`; `undefined` where there is none */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return undefined;
  }
}

export function isEncoding(label: string): boolean {
  return encodingNamed(label) !== undefined;
}
