/** The declarations of the shop, for the threads of loads. */
import { declarationOf as ofShop } from '../../src/shop/regions/databases.ts';

/** @public imported by the name of its module */
export const declarationOf = ofShop;

/** The URL of this module. */
export const databaseModule = import.meta.url;
