/** Loading and checking the databases. */
import { existsSync } from 'node:fs';
import { specOf } from '../../../cli/commands/generate.arguments.ts';
import { type Action, option } from '../../../cli/menu/action.ts';
import { catalog } from '../../catalog.ts';
import { type Check, orNothing, sentenceOf } from './checks.ts';

export const loadSample: Action = {
  name: 'Load the built-in sample',
  description: 'Users, products and orders, some of them broken.',
  command: 'populate',
};

export const loadGenerated: Action = {
  name: 'Load generated data',
  description: 'As much as you like, the same for the same seed.',
  command: 'populate',
  async ask(questions) {
    const count = await questions.text('How many records for each database?', { default: '1000', check: isCount });
    const invalid = await questions.text('Which share of them is to be broken, from 0 to 1?', {
      default: '0.05',
      check: isShare,
    });
    return ['--generate', count, '--invalid', invalid];
  },
};

export const loadFiles: Action = {
  name: 'Load files of your own',
  description: 'CSV, TSV, JSON or NDJSON, packed with gzip or not.',
  command: 'populate',
  async ask(questions) {
    for (;;) {
      const files: string[] = [];
      for (const { name } of catalog) {
        const file = await questions.text(`File of ${name} (empty: none):`, { check: orNothing(isFile) });
        files.push(...option(`--${name}`, file));
      }
      if (files.length > 0) {
        return files;
      }
      questions.say('Name one file at least. Esc goes back.');
    }
  },
};

export const listRuns: Action = {
  name: 'What was loaded when',
  description: 'And what can be continued.',
  command: 'runs',
};

export const verify: Action = {
  name: 'Verify',
  description: 'Checks every stored row and every reference between the databases.',
  command: 'verify',
};

const isFile: Check = (text) => (existsSync(text) ? undefined : `There is no file ${text}.`);

const isCount = sentenceOf((text) => specOf('--generate', text));

const isShare = sentenceOf((text) => specOf('--generate', '1', undefined, text));
