/** Regions, their relays, and how central agrees with them. */
import { type Action, option } from '../../../cli/menu/action.ts';
import { isRegionName } from './checks.ts';
import { askRegion, askRegionOrAll } from './known.ts';

export const sync: Action = {
  name: 'Sync',
  description: 'Ships what the regions have told to central, each event once.',
  command: 'sync',
};

export const showRegions: Action = {
  name: 'What each region holds',
  description: 'And how far central is behind.',
  command: 'regions',
};

export const addRegion: Action = {
  name: 'Add a region',
  description: 'Makes its database.',
  command: 'regions add',
  ask: async (questions) => [await questions.text('Name of the new region:', { check: isRegionName })],
};

export const compareAll: Action = {
  name: 'Compare',
  description: 'Proves that central has what the regions have.',
  command: 'compare',
  ask: async (questions) => option('--region', await askRegionOrAll(questions)),
};

export const pauseRelay: Action = {
  name: 'Pause the relay of a region',
  description: 'Ships nothing until it is resumed. Orders go on.',
  command: 'relay pause',
  ask: async (questions) => ['--region', await askRegion(questions)],
};

export const resumeRelay: Action = {
  name: 'Resume the relay of a region',
  description: 'Ships again.',
  command: 'relay resume',
  ask: async (questions) => ['--region', await askRegion(questions)],
};

export const listDeadLetters: Action = {
  name: 'Dead letters',
  description: 'Events that central could not apply.',
  command: 'dead-letters list',
};
