/** `meridian populate` of sets of files, killed and interrupted at several stages: the same command ends as if nothing had happened. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { type Moment, meridianStopped } from '../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../support/command.ts';
import { dirtyOrders, dirtyProducts, dirtyUsers } from '../support/dirty.ts';
import { makeFolder } from '../support/folder.ts';
import { look } from '../support/stored.ts';

const NAMES = ['users', 'products', 'orders'] as const;
const RECORDS = 6000;
const FILES = 4;

/** How a run is stopped: where, and by which signal. */
type Stop = readonly [moment: Moment, signal: 'SIGKILL' | 'SIGINT'];
const STOPS: readonly Stop[] = [
  ['after-commit', 'SIGKILL'],
  ['after-commit', 'SIGINT'],
  ['at-loaded', 'SIGKILL'],
  ['at-checked', 'SIGKILL'],
];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) {
    close();
  }
});

/** A text of lines in parts, each with the header. */
function cut(text: string): string[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const size = Math.ceil(lines.length / FILES);
  return Array.from({ length: FILES }, (_, index) =>
    [header, ...lines.slice(index * size, (index + 1) * size), ''].join('\n'),
  );
}

/** A folder with the parts of each table, every second one packed. */
function withParts(isGood: boolean): string {
  const cwd = makeFolder();
  const texts = isGood ? goodTexts() : dirtyTexts();
  for (const name of NAMES) {
    for (const [index, text] of cut(texts[name]).entries()) {
      const path = join(cwd, `${name}-${index + 9}.csv`);
      writeFileSync(index % 2 === 0 ? path : `${path}.gz`, index % 2 === 0 ? text : gzipSync(text));
    }
  }
  return cwd;
}

function dirtyTexts(): Record<(typeof NAMES)[number], string> {
  return {
    users: dirtyUsers(RECORDS),
    products: dirtyProducts(RECORDS),
    orders: dirtyOrders(RECORDS, RECORDS),
  };
}

function goodTexts(): Record<(typeof NAMES)[number], string> {
  const text = (header: string, line: (id: number) => string) =>
    `${header}\n${Array.from({ length: RECORDS }, (_, index) => `${line(index + 1)}\n`).join('')}`;
  return {
    users: text('id,name,email', (id) => `${id},User ${id},u${id}@example.com`),
    products: text('id,sku,name,price', (id) => `${id},S${id},Product ${id},1.00`),
    orders: text('id,userId,productId,quantity', (id) => `${id},${id},${id},1`),
  };
}

const populate = (options: readonly string[]) => ['populate', '--json', '--quiet', ...options];
const PATTERNS = NAMES.flatMap((name) => [`--${name}`, `${name}-*`]);

function reportOf({ code, stdout }: CommandResult): unknown {
  return {
    code,
    report: JSON.parse(stdout, (key, value: unknown) => (key === 'seconds' ? undefined : value)),
  };
}

/** Rows, rejects, files and states of the runs; what a run has kept for its end is gone. */
function contentsOf(cwd: string): unknown {
  return NAMES.map((name) => {
    const stored = (sql: string) => look(join(cwd, 'databases', `${name}.db`), sql);
    return {
      rows: JSON.stringify(stored(`select * from ${name} order by id`)),
      runs: stored(`select state, read, inserted, rejected, reasons from meridian_runs_${name} order by id`),
      files: stored(`select position, name, content, records from meridian_run_files_${name} order by run, position`),
      rejects: JSON.stringify(
        stored(`select number, file, line, record, errors from meridian_rejects_${name} order by run, number`),
      ),
      batches: stored(`select * from meridian_run_batches_${name}`),
    };
  });
}

async function expectSame(args: readonly string[], make: () => string, stops: readonly Stop[]): Promise<void> {
  const straight = make();
  const expected = reportOf(await meridian(args, { cwd: straight }));
  const contents = contentsOf(straight);
  for (const [moment, signal] of stops) {
    const cwd = make();
    const { code } = await meridianStopped(moment, args, { cwd }, (child) => child.kill(signal));
    expect([moment, code]).toEqual([moment, signal === 'SIGKILL' ? null : 130]);
    expect([moment, signal, reportOf(await meridian(args, { cwd }))]).toEqual([moment, signal, expected]);
    expect(contentsOf(cwd)).toEqual(contents);
  }
}

test('patterns, some of their files packed', () => expectSame(populate(PATTERNS), () => withParts(false), STOPS));

test.each([
  ['everything', true],
  ['nothing', false],
])('patterns, everything or nothing: %s is kept', (_, isGood) =>
  // the rejects of a run that was killed once it was decided are those of a run of their own
  expectSame(populate([...PATTERNS, '--all-or-nothing']), () => withParts(isGood), isGood ? STOPS : STOPS.slice(0, 3)),
);

test('URLs whose connections break, a run that was killed is continued', async () => {
  const texts = cut(dirtyUsers(RECORDS)).map((text) => Buffer.from(text));
  let answers = 0;
  const server = createServer((request, response) => {
    const body = texts[Number(/\d+/.exec(request.url ?? '')?.[0])] ?? Buffer.alloc(0);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"1"',
      'content-length': body.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
    });
    // every second answer breaks off
    if (answers++ % 2 === 0) {
      response.write(body.subarray(from, from + 50_000), () => setTimeout(() => response.destroy(), 20));
    } else {
      response.end(body.subarray(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const urls = texts.flatMap((_, index) => ['--users', `http://127.0.0.1:${port}/users-${index}.csv`]);
  await expectSame(populate(urls), makeFolder, STOPS.slice(0, 2));
  expect(answers).toBeGreaterThan(2 * FILES);
});

test.each(STOPS)('only new files, of which a further one comes after %s by %s', async (moment, signal) => {
  const cwd = withParts(true);
  const args = populate(['--users', 'users-*', '--only-new']);
  const { code } = await meridianStopped(moment, args, { cwd }, (child) => child.kill(signal));
  expect(code).toBe(signal === 'SIGKILL' ? null : 130);
  // a run that has read its files leaves the further one to the next
  const [stopped] = look(join(cwd, 'databases', 'users.db'), 'select state from meridian_runs_users');
  const isWithin = (stopped as { state: string }).state === 'loading';
  // before the others in the order of names
  writeFileSync(join(cwd, 'users-1.csv'), 'id,name,email\n7001,New,new@example.com\n');
  const reports = [];
  for (let run = 0; run < 3; run++) {
    const { code: ended, stdout } = await meridian(args, { cwd });
    expect(ended).toBe(0);
    reports.push(JSON.parse(stdout));
  }
  const [continued, next, last] = reports;
  expect(continued).toMatchObject({
    users: { read: RECORDS + (isWithin ? 1 : 0), inserted: RECORDS + (isWithin ? 1 : 0) },
  });
  expect(next.skipped.users).toHaveLength(isWithin ? FILES + 1 : FILES);
  expect(next.users).toEqual(isWithin ? undefined : expect.objectContaining({ read: 1, inserted: 1 }));
  expect(last.skipped.users).toHaveLength(FILES + 1);
  expect(look(join(cwd, 'databases', 'users.db'), 'select count(*) as count from users')).toEqual([
    { count: RECORDS + 1 },
  ]);
});
