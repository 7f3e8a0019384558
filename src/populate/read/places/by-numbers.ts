/** Orders file names by the numbers in them: `part-2` before `part-10`. */
export const byNumbers = new Intl.Collator('en', { numeric: true }).compare;
