/** What the kill test loads, and how it has to end: one uninterrupted run for each kind of load. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type CommandResult, meridian } from '../command.ts';
import { dirtyOrders, dirtyProducts, dirtyUsers } from '../dirty.ts';
import { withSmallTransactions } from '../small-transactions.ts';

export const DATABASES = ['users', 'products', 'orders'] as const;

/** One kind of load, in a folder that holds its databases before it. */
export interface Load {
  readonly what: string;
  readonly args: readonly string[];
  readonly before: string;
  /** How many runs each database knows of before it. */
  readonly runsBefore: number;
  /** Where it was run without interruption. */
  readonly expected: string;
  readonly report: unknown;
}

/** Makes the files and the uninterrupted runs below `folder`, with so many records in each file. */
export async function prepareLoads(folder: string, records: number): Promise<Load[]> {
  const content = {
    users: dirtyUsers(records),
    products: dirtyProducts(records),
    orders: dirtyOrders(records, records),
  };
  const older = Math.floor(records / 3);
  const contentBefore = {
    users: dirtyUsers(older, ' before'),
    products: dirtyProducts(older, ' before'),
    orders: dirtyOrders(older, older, 2),
  };
  for (const name of DATABASES) {
    writeFileSync(join(folder, `${name}.csv`), content[name]);
    // packed, all of it is too small for threads
    writeFileSync(join(folder, `${name}.csv.gz`), gzipSync(content[name]));
    writeFileSync(join(folder, `before-${name}.csv`), contentBefore[name]);
  }
  const args = (extension: string) => DATABASES.flatMap((name) => [`--${name}`, join(folder, `${name}.${extension}`)]);
  const [empty, filled] = [join(folder, 'empty'), join(folder, 'filled')];
  mkdirSync(empty);
  mkdirSync(filled);
  const fill = DATABASES.flatMap((name) => [`--${name}`, join(folder, `before-${name}.csv`)]);
  expectDone(await populate(filled, fill));
  const loads: Load[] = [];
  for (const [what, before, runsBefore, options] of [
    ['into empty databases', empty, 0, []],
    ['over rows that are updated', filled, 1, ['--on-conflict', 'update']],
  ] as const) {
    const expected = `${before}-expected`;
    cpSync(before, expected, { recursive: true });
    const report = expectDone(await populate(expected, [...args('csv'), ...options]));
    for (const [how, extension] of [
      ['in threads', 'csv'],
      ['in one thread', 'csv.gz'],
    ] as const) {
      loads.push({
        what: `${what}, ${how}`,
        args: [...args(extension), ...options],
        before,
        runsBefore,
        expected,
        report,
      });
    }
  }
  return loads;
}

export async function populate(
  cwd: string,
  args: readonly string[],
  during?: Parameters<typeof meridian>[1]['during'],
): Promise<CommandResult> {
  const temporary = join(cwd, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return meridian(['populate', '--json', '--quiet', ...args], {
    cwd,
    project: await withSmallTransactions(cwd),
    env: { TMPDIR: temporary },
    ...(during ? { during } : {}),
  });
}

/** The report of a populate, without what varies from run to run. @throws Error when it did not end well */
export function expectDone({ code, stdout, stderr }: CommandResult): unknown {
  if (code !== 0) {
    throw new Error(`populate ended with ${code}: ${stderr}`);
  }
  return JSON.parse(stdout, (key, value: unknown) => (key === 'seconds' ? undefined : value));
}
