/** What the menu offers. */
import type { Action, MenuEntry } from '../../../cli/menu/action.ts';
import { findDocuments, setComponents, showTree, whereUsed } from './document.actions.ts';
import { cancelOrder, listOrders, listStock, placeOrder, receiveStock } from './order.actions.ts';
import { outageScript } from './outage.ts';
import { listRuns, loadFiles, loadGenerated, loadSample, verify } from './populate.actions.ts';
import {
  addRegion,
  compareAll,
  listDeadLetters,
  pauseRelay,
  resumeRelay,
  showRegions,
  sync,
} from './region.actions.ts';
import { lag, products, sales, stock } from './report.actions.ts';

const demo: Action = {
  name: 'Play the demo',
  description: 'A story of regions and central, in a folder of its own.',
  command: 'demo',
};

/** In the order in which one would try them. */
export const ENTRIES: readonly MenuEntry[] = [
  {
    name: 'Populate',
    description: 'Loads users, products and orders, and checks what is loaded.',
    actions: [loadSample, loadGenerated, loadFiles, listRuns, verify],
  },
  receiveStock,
  placeOrder,
  sync,
  {
    name: 'Reports',
    description: 'What was sold, what is left, and how far central is.',
    actions: [sales, products, stock, lag],
  },
  {
    name: 'Regions',
    description: 'What they hold, and whether central agrees.',
    actions: [
      showRegions,
      compareAll,
      listStock,
      listOrders,
      cancelOrder,
      pauseRelay,
      resumeRelay,
      listDeadLetters,
      addRegion,
    ],
  },
  {
    name: 'Components',
    description: 'What products consist of.',
    actions: [setComponents, showTree, whereUsed],
  },
  findDocuments,
  demo,
  outageScript,
];

/** Of the groups as well. */
export function allActions(): Action[] {
  return ENTRIES.flatMap((entry) => ('actions' in entry ? entry.actions : 'command' in entry ? [entry] : []));
}
