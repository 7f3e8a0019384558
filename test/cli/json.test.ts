/** With --json, standard output holds just one JSON value, whichever command it is and however it ends. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { makeFolder } from '../support/folder.ts';
import { project } from '../support/project.ts';
import { workspace } from '../support/workspace.ts';

/** Arguments that each command takes, in the order in which they are run. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  generate: ['--out', 'data', '--count', '5'],
  populate: [],
  runs: [],
  'rejects list': [],
  'rejects show': [],
  'rejects export': ['--table', 'users', '--out', 'rejected.csv'],
  'rejects retry': ['--table', 'orders'],
  'rejects prune': ['--keep', '1'],
  inspect: ['data', '--sample', '5'],
  verify: [],
  regions: [],
  'regions add': ['austin'],
  'regions rename': ['austin', 'albany'],
  'regions remove': ['austin'],
  'stock receive': ['--region', 'boston', '--product', '1', '--quantity', '5'],
  'stock list': [],
  'order place': ['--region', 'boston', '--user', '1', '--item', '1x1', '--key', 'first'],
  'order list': ['--region', 'boston'],
  'order cancel': ['--region', 'boston', '--checkout', 'first'],
  'components set': ['--product', '1', '--component', '2x3'],
  'components tree': ['--product', '1'],
  'components where-used': ['--product', '2'],
  sync: [],
  compare: [],
  'relay run': ['--region', 'boston'],
  'relay pause': ['--region', 'boston'],
  'relay resume': ['--region', 'boston'],
  'relay purge': ['--region', 'boston'],
  'transport check': [],
  'dead-letters list': [],
  'dead-letters show': ['1'],
  'dead-letters retry': ['--all'],
  'dead-letters discard': ['--all'],
  resend: ['--region', 'boston'],
  'central run': [],
  'central rebuild': [],
  'report sales': [],
  'report products': [],
  'report stock': [],
  'report lag': [],
  'documents find': [],
  'documents status': [],
  'documents rebuild': [],
  query: ['select count(*) as users from users.users'],
  export: ['users', '--out', 'exported.csv'],
  copy: ['users', '--to', 'sqlite:copied.db'],
  // there is no token yet, so it is refused and ends
  serve: ['--port', '0', '--host', '0.0.0.0'],
  'token create': ['--role', 'read'],
  'token list': [],
  'token revoke': ['0000000000000000'],
  audit: [],
  migrate: [],
  'migrate:status': [],
  'migrate:check': [],
  'migrate:create': ['--dry-run'],
  'migrate:down': ['users'],
  check: [],
  'config print': [],
  init: ['--yes'],
  demo: [],
};

/** Of each command that does something, its name as it is typed. */
function namesOf(command: Command, path: readonly string[] = []): string[] {
  const own = command.commands.length === 0 || command.options.length > 0 ? [path.join(' ')] : [];
  return [...(path.length === 0 ? [] : own), ...command.commands.flatMap((one) => namesOf(one, [...path, one.name()]))];
}

const groupsOf = ({ commands }: Command) =>
  commands.filter((one) => one.commands.length > 0 && one.options.length === 0).map((one) => one.name());

// the demo has a folder of its own, and its own tests: here it does not get one
const withoutTemporaryFolder = { env: { TMPDIR: join(makeFolder(), 'missing') } };

const argumentsOf = (name: string, ...more: string[]) => [
  ...name.split(' '),
  ...(COMMANDS[name] ?? []),
  ...more,
  '--json',
];

const program = await buildProgram(project);

test('every command is here', () => {
  expect(Object.keys(COMMANDS).sort()).toEqual(namesOf(program).sort());
});

test.each([...Object.keys(COMMANDS), ...groupsOf(program)])('%s: wrong usage', async (name) => {
  const { run } = workspace();
  const { code, stdout, stderr } = await run(argumentsOf(name, '--\u001b[31mnonesuch'));
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({ error: "unknown option '--nonesuch'", code: 'usage' });
  expect(stderr).toMatch(/^error: unknown option '--nonesuch'\n/);
});

test.each([
  [['--json'], "unknown option '--json'"],
  [['nonesuch', '--json'], "unknown command 'nonesuch'\n(npx meridian --help lists the commands)"],
  [['dead-letters', 'show', '--json'], "missing required argument 'id'"],
  [['dead-letters', 'show', 'x', '--json'], /^command-argument value 'x' is invalid for argument 'id'\. It has to be/],
  [['report', 'sales', '--csv', '--json'], "option '--json' cannot be used with option '--csv'"],
  [['order', 'list', '--json', '--region'], "option '--region <name>' argument missing"],
  [
    ['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x1', '--details', '[', '--json'],
    /^The details are not valid/,
  ],
])('%j: wrong usage', async (args, error) => {
  const { code, stdout } = await workspace().run(args);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: typeof error === 'string' ? error : expect.stringMatching(error),
    code: 'usage',
  });
});

test('all of them, whether they do what they are asked or say why not', async () => {
  const { run } = workspace();
  const failed: string[] = [];
  for (const name of Object.keys(COMMANDS)) {
    const { code, stdout } = await run(argumentsOf(name), name === 'demo' ? withoutTemporaryFolder : {});
    expectOneValue(name, stdout, code);
    if (code !== 0) {
      failed.push(name);
    }
  }
  expect(failed).toEqual([
    'regions rename',
    'relay run',
    'dead-letters show',
    'central run',
    'serve',
    'token revoke',
    'demo',
  ]);
});

function expectOneValue(name: string, stdout: string, code: number | null): void {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    throw new Error(`${name} has printed no JSON value, or several: ${stdout}`);
  }
  expect([name, typeof value]).toEqual([name, 'object']);
  expect(value).not.toBeNull();
  if (code !== 0 && 'code' in (value as object)) {
    expect(value).toEqual({ error: expect.any(String), code: expect.any(String) });
  }
}
