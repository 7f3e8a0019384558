/** The names of regions, which are the sources of events, and of their databases. */

// names are used in file names, environment variables and message subjects
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** The maximum number of characters of a region name. */
export const MAX_REGION_NAME_LENGTH = 40;

/** Whether a text is a valid region name: up to 40 lower case letters, digits and single hyphens. */
export function isRegionName(name: string): boolean {
  return name.length <= MAX_REGION_NAME_LENGTH && NAME.test(name);
}

/**
 * Converts external text to a region name: `"United Kingdom"` to `united-kingdom`, `"São Paulo"` to `sao-paulo`.
 *
 * @returns `undefined` when the text has no character that a name can have
 */
export function regionNameOf(text: string): string | undefined {
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return isRegionName(name) ? name : undefined;
}

/** The region of a database: `boston` for `orders.boston`. */
export function regionOf(database: string): string {
  return database.slice(database.indexOf('.') + 1);
}
