/** The names of regions, which are the sources of events, and of their databases. */

// a name is part of a file name, of an environment variable and of a message subject
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Characters of the name of a region. */
export const MAX_REGION_NAME_LENGTH = 40;

/** Whether a text can be the name of a region: up to 40 lower case letters, digits and single hyphens. */
export function isRegionName(name: string): boolean {
  return name.length <= MAX_REGION_NAME_LENGTH && NAME.test(name);
}

/**
 * The region name that a text from outside stands for: `"United Kingdom"` is `united-kingdom`, `"São Paulo"` is `sao-paulo`.
 *
 * @returns `undefined` when no part of the text can stand in a name
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
