/** What the menu and the help offer in a project without modules. */
import process from 'node:process';
import { expect, jest, test } from '@jest/globals';
import { argumentsOf } from '../../../src/cli/menu/action.ts';
import { entriesOf } from '../../../src/cli/menu/entries.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { run } from '../../../src/cli/run.ts';
import type { Action } from '../../../src/config/menu-entry.ts';
import type { Project } from '../../../src/config/module.ts';
import { User } from '../../../src/shop/users/user.entity.ts';
import { scriptedQuestions } from '../../support/scripted-questions.ts';

const project: Project = {
  databases: [
    { name: 'customers', entities: [{ name: 'customer', entity: User }] },
    {
      name: 'parcels',
      entities: [
        { name: 'depot', entity: User },
        { name: 'parcel', entity: User },
      ],
    },
  ],
  modules: [],
};

const actions = entriesOf(project) as readonly Action[];

test('each entry is a command of the program', async () => {
  const program = await buildProgram(project);
  const names = program.commands.map((command) => command.name());
  expect(actions.map(({ command }) => command).filter((command) => !names.includes(command))).toEqual([]);
});

test('files are asked for by table, and an empty answer leaves one out', async () => {
  const load = actions.find(({ name }) => name === 'Load files') as Action;
  const questions = scriptedQuestions('a.csv', '', 'p.csv');
  const args = await argumentsOf(load, questions, await buildProgram(project));
  expect(args).toEqual(['populate', '--load', 'customers=a.csv', '--load', 'parcels.parcel=p.csv']);
  expect(questions.heard).toEqual([
    'File of customers (empty: none):',
    'File of parcels.depot (empty: none):',
    'File of parcels.parcel (empty: none):',
  ]);
});

test('samples are offered where the config names some', () => {
  expect(actions.map(({ name }) => name)).not.toContain('Load the samples');
  const [customers, ...others] = project.databases;
  const entities = (customers?.entities ?? []).map((one) => ({ ...one, sample: '/samples/customers.csv' }));
  const sampled = entriesOf({ ...project, databases: [{ name: 'customers', entities }, ...others] });
  expect(sampled.map(({ name }) => name)).toContain('Load the samples');
});

test('nothing is generated without generators, and nothing loaded without samples', async () => {
  const program = await buildProgram(project);
  expect(program.commands.map((command) => command.name())).not.toContain('generate');
  const populate = program.commands.find((command) => command.name() === 'populate');
  expect(populate?.options.map(({ long }) => long)).not.toContain('--generate');
  let said = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  try {
    expect(await run(['populate', '--quiet'], project)).toBe(2);
  } finally {
    write.mockRestore();
  }
  expect(said).toMatch(/^Error: No file is given, and the config names none\. /);
});
