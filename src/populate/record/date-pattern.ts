/** Patterns of dates and times, with the letters of the Unicode standard: `dd.MM.yyyy HH:mm`. */

export function isDatePattern(pattern: string): boolean {
  return pattern.trim() !== '';
}
