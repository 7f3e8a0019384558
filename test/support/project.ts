/** The project that `src/main.ts` runs: the tool with the shop. */
import type { Project } from '../../src/config/module.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { shop } from '../../src/shop/cli/shop.module.ts';
import { databaseModule } from '../../src/shop/regions/databases.ts';

export const project: Project = { databases: catalog, modules: [shop], databaseModule };
