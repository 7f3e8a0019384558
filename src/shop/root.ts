/** The location of the shop's migrations and samples, for both the sources and the build. */
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of the package. */
export const root = dirname(findPackageJSON(import.meta.url) ?? import.meta.dirname);
