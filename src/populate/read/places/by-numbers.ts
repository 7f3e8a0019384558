/** The order of file names: `part-2` before `part-10`. */
export const byNumbers = new Intl.Collator('en', { numeric: true }).compare;
