/** The declarations of the shop, for the threads of loads. */
export { declarationOf } from '../../src/shop/regions/databases.ts';

/** The URL of this module. */
export const databaseModule = import.meta.url;
