/** The lock file of a database on a disk without room: the error says so, and not that the file belongs to somebody else. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockSqliteFile } from '../../../src/database/sqlite/lock.ts';
import { makeFolder } from '../../support/folder.ts';
import { onSmallDisk } from '../../support/small-disk.ts';

test('a lock file that cannot grow is no matter of permissions', async () => {
  const folder = join(makeFolder(), 'full');
  await onSmallDisk(folder, 64, async (makeRoom) => {
    const file = join(folder, 'users.db.lock');
    const lock = () => lockSqliteFile(file, { database: 'users', isReadOnly: false, waitSeconds: 0 });
    expect(() => writeFileSync(join(folder, 'other'), Buffer.alloc(128 * 1024))).toThrow('ENOSPC');
    await expect(lock()).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(
        /^users: the lock file \S+users\.db\.lock cannot grow: the disk is full\. Free some space and run the same command again\.$/,
      ),
    });
    makeRoom();
    await (await lock()).release();
  });
});
