/** The shop as a module: its databases, generators, commands and menu. */
import type { Module } from '../../module.ts';
import { central, documents } from '../catalog.ts';
import { documentIndexes } from '../documents/indexes.ts';
import { generators } from '../generators.ts';
import { declarationOf, regionDatabases } from '../regions/databases.ts';
import { COMMANDS } from './commands.ts';
import { regionalPopulate } from './populate.regions.ts';
import { repairOption } from './verify.repair.ts';

export const shop: Module = {
  databases: [
    {
      help: 'orders.<region> such as orders.boston',
      isPopulated: true,
      list: () => regionDatabases().sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
    { help: central.name, isPopulated: false, list: () => [central] },
    { help: documents.name, isPopulated: false, list: () => (documentIndexes() === undefined ? [documents] : []) },
  ],
  declarationOf,
  stores: () => [documentIndexes() ?? []].flat(),
  generators,
  populate: regionalPopulate,
  verify: repairOption,
  commands: COMMANDS,
  routes: async (server) => (await import('../http/routes.ts')).shopRoutes(server),
  menu: async () => (await import('./menu/entries.ts')).ENTRIES,
};
