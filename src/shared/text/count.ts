/** Counts the occurrences of a text in another. */
export function countOf(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    found++;
  }
  return found;
}
