/** A project of its own: the tool runs with any databases, and with what any module adds. */
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { buildProgram } from '../../src/cli/program.ts';
import { allDatabases, allNames, populatedDatabases, populatedNames } from '../../src/cli/project.ts';
import { run } from '../../src/cli/run.ts';
import type { Module, Project } from '../../src/config/module.ts';
import { central, users } from '../../src/shop/catalog.ts';
import { generators } from '../../src/shop/generators.ts';
import { makeFolder } from '../support/folder.ts';

const before = process.cwd();
const written = { stdout: '', stderr: '' };

beforeEach(() => {
  process.chdir(makeFolder());
  for (const name of ['stdout', 'stderr'] as const) {
    written[name] = '';
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
  process.chdir(before);
  process.exitCode = undefined;
});

const planned: string[] = [];

const own: Module = {
  databases: [{ help: 'reports', isPopulated: false, list: () => [central] }],
  stores: () => [{ name: 'search', ensure: async () => ['search.name'], pending: async () => ['search.name'] }],
  generators,
  populate: {
    addOptions: (command) => command.option('--trial', 'load nothing of what is given'),
    async plan({ trial }, plan, files) {
      planned.push(...files);
      return trial ? { ...plan, catalog: [users] } : plan;
    },
  },
  verify: {
    addOptions: (command) => command.option('--sweep', 'sweep first'),
    prepare: async ({ sweep }, output) => {
      output.note(sweep ? 'swept' : 'not asked to sweep');
      return sweep ? { exitCode: 1, json: { swept: 3 } } : undefined;
    },
  },
  addCommands(program) {
    program.command('hello').action(() => {
      process.stdout.write('Hello\n');
    });
  },
};
const project: Project = { databases: [users], modules: [own] };

test('its databases are those of the project and those of its modules', () => {
  expect(populatedDatabases(project)).toEqual([users]);
  expect(allDatabases(project)).toEqual([users, central]);
  expect([populatedNames(project), allNames(project)]).toEqual(['users', 'users, reports']);
});

test('a module adds commands', async () => {
  expect(await run(['hello'], project)).toBe(0);
  expect(written.stdout).toBe('Hello\n');
});

test('a command of a module is imported only when it is called, and listed without that', async () => {
  const defined: string[] = [];
  const declared = (name: string): NonNullable<Module['commands']>[number] => ({
    usage: `${name} [words...]`,
    summary: `say ${name}`,
    async define(command) {
      defined.push(name);
      command
        .description(`Says ${name}.`)
        .argument('[words...]')
        .action((words: readonly string[]) => {
          process.stdout.write(`${[name, ...words].join(' ')}\n`);
        });
    },
  });
  const lazy: Project = { databases: [users], modules: [{ commands: [declared('one'), declared('two')] }] };
  expect(await run(['two', 'more'], lazy)).toBe(0);
  expect(written.stdout).toBe('two more\n');
  expect(defined).toEqual(['two']);
  expect(await run(['help', 'one'], lazy)).toBe(0);
  expect(written.stdout).toContain('Says one.');
  expect(defined).toEqual(['two', 'one']);
});

test('the list of commands is the same whether they are imported or not', async () => {
  const [listed, imported] = [await buildProgram(project, []), await buildProgram(project)];
  expect(listed.helpInformation()).toBe(imported.helpInformation());
});

test('the tool has no command of the shop', async () => {
  const names = (await buildProgram({ databases: [users], modules: [] })).commands.map((command) => command.name());
  expect(names).toEqual([
    'populate',
    'inspect',
    'verify',
    'migrate',
    'migrate:down',
    'migrate:status',
    'migrate:check',
    'migrate:create',
    'runs',
    'rejects',
    'query',
    'export',
    'copy',
    'serve',
    'token',
    'audit',
    'check',
    'config',
    'init',
  ]);
});

test('a module changes what a populate loads', async () => {
  expect(await run(['populate', '--generate', '20', '--trial', '--json'], project)).toBe(0);
  expect(JSON.parse(written.stdout)).toMatchObject({ users: { read: 20, inserted: 20 } });
  expect(planned).toEqual([]);
});

test('a module prepares a verification', async () => {
  await run(['populate', '--generate', '5', '--quiet'], project);
  expect(await run(['verify'], project)).toBe(0);
  expect(written.stderr).toContain('not asked to sweep');
  written.stdout = '';
  expect(await run(['verify', '--sweep', '--json'], project)).toBe(1);
  expect(JSON.parse(written.stdout)).toMatchObject({ users: { rows: 5, violations: 0 }, swept: 3 });
});

test('a store without tables is migrated among the databases', async () => {
  expect(await run(['migrate', 'users', 'search', '--json'], project)).toBe(0);
  expect(JSON.parse(written.stdout)).toMatchObject({ users: expect.any(Array), search: ['search.name'] });
});

test('files that are generated are of its databases', async () => {
  expect(await run(['generate', '--out', 'data', '--count', '3', '--json'], project)).toBe(0);
  expect(JSON.parse(written.stdout)).toMatchObject({ users: { file: join('data', 'users.csv'), records: 3 } });
});
