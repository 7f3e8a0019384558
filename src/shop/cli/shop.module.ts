/** The shop as a module of the tool: its databases, generators, commands and menu. */
import type { Module } from '../../module.ts';
import { central, documents } from '../catalog.ts';
import { documentIndexes } from '../documents/indexes.ts';
import { generators } from '../generators.ts';
import { declarationOf, regionDatabases } from '../regions/databases.ts';
import { addCompareCommand } from './compare.command.ts';
import { addComponentsCommands } from './components.command.ts';
import { addDeadLettersCommand } from './dead-letters.command.ts';
import { addDemoCommand } from './demo.command.ts';
import { addDocumentsCommands } from './documents.command.ts';
import { addOrderCommands } from './order.command.ts';
import { regionalPopulate } from './populate.regions.ts';
import { addRegionsCommand } from './regions.command.ts';
import { addRelayCommand } from './relay.command.ts';
import { addReportCommand } from './report.command.ts';
import { addResendCommands } from './resend.command.ts';
import { addStockCommands } from './stock.command.ts';
import { addSyncCommand } from './sync.command.ts';
import { addTransportCommand } from './transport.command.ts';
import { repairPendingOrders } from './verify.repair.ts';

/** In the order of the help. */
const COMMANDS = [
  addRegionsCommand,
  addSyncCommand,
  addRelayCommand,
  addTransportCommand,
  addDeadLettersCommand,
  addCompareCommand,
  addResendCommands,
  addReportCommand,
  addStockCommands,
  addOrderCommands,
  addDocumentsCommands,
  addComponentsCommands,
  addDemoCommand,
];

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
  verify: repairPendingOrders,
  addCommands(program) {
    for (const addCommand of COMMANDS) {
      addCommand(program);
    }
  },
  menu: async () => (await import('./menu/entries.ts')).ENTRIES,
};
