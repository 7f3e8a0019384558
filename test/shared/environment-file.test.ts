/** `.env`: whatever an editor or a shell has made of it, no variable of it is lost in silence. */
import { chmodSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { meridian } from '../support/command.ts';
import { makeFolder, writeIn } from '../support/folder.ts';
import { asOrdinaryUser, giveAway } from '../support/permission.ts';

const BYTE_ORDER_MARK = '\uFEFF';

test.each([
  ['a byte order mark', `${BYTE_ORDER_MARK}USERS_DATABASE_URL=sqlite:mine.db\r\nREGIONS=boston\r\n`],
  ['quotes and export', 'export USERS_DATABASE_URL="sqlite:mine.db"\n'],
])('with %s, its first variable counts', async (_, text) => {
  const cwd = makeFolder();
  writeIn(cwd, '.env', text);
  expect(await meridian(['migrate', 'users'], { cwd })).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, 'mine.db'))).toBe(true);
  expect(existsSync(join(cwd, 'databases'))).toBe(false);
});

test('a variable that is set to nothing wins over it', async () => {
  const cwd = makeFolder();
  writeIn(cwd, '.env', 'USERS_DATABASE_URL=sqlite:mine.db\n');
  expect(await meridian(['migrate', 'users'], { cwd, env: { USERS_DATABASE_URL: '' } })).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, 'mine.db'))).toBe(false);
});

const unreadable: readonly (readonly [string, (cwd: string) => void, string])[] = [
  ['a directory', (cwd) => mkdirSync(join(cwd, '.env')), 'is a directory. Put a file in its place, or remove it.'],
  [
    'UTF-16 with a mark',
    (cwd) => writeIn(cwd, '.env', Buffer.from(`${BYTE_ORDER_MARK}REGIONS=boston\n`, 'utf16le')),
    'is not UTF-8 text. Save it in that encoding.',
  ],
  [
    'UTF-16 without a mark',
    (cwd) => writeIn(cwd, '.env', Buffer.from('REGIONS=boston\n', 'utf16le')),
    'is not UTF-8 text. Save it in that encoding.',
  ],
  [
    'a link to nothing',
    (cwd) => symlinkSync(join(cwd, 'nowhere'), join(cwd, '.env')),
    'cannot be read (ENOENT: no such file or directory',
  ],
];

test.each(unreadable)('%s is refused, and no database is made elsewhere', async (_, make, reason) => {
  const cwd = makeFolder();
  make(cwd);
  const { code, stderr } = await meridian(['migrate', 'users'], { cwd });
  expect(stderr).toContain(`Error: .env in ${cwd} ${reason}`);
  expect(code).toBe(2);
  expect(existsSync(join(cwd, 'databases'))).toBe(false);
});

test('a file that this user may not read is refused', async () => {
  const cwd = makeFolder();
  giveAway(cwd);
  chmodSync(writeIn(cwd, '.env', 'REGIONS=boston\n'), 0o000);
  const { code, stderr } = await meridian(['migrate', 'users'], { cwd, ...asOrdinaryUser });
  expect(stderr).toMatch(/^Error: \.env in .* cannot be read \(EACCES.*Give this user permission to read it/);
  expect(code).toBe(2);
});
