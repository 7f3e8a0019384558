/** Where the shop's migrations and samples are, whether it runs from the sources or from the build. */
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The folder of the package. */
export const root = dirname(findPackageJSON(import.meta.url) ?? import.meta.dirname);
