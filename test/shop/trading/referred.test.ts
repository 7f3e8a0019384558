/** Databases that come and go: asked when they are there, not waited for when they are not. */
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { locate } from '../../../src/database/location.ts';
import { products, users } from '../../../src/shop/catalog.ts';
import { ReferredDatabase } from '../../../src/shop/trading/referred.ts';
import { addUsersAndProducts } from '../../support/boston.ts';
import { withClocks } from '../../support/clocks.ts';
import { fileOf } from '../../support/databases.ts';
import { forEachEngineThoroughly, type Place, sqlitePlace } from '../../support/engines.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

async function asked<T>(
  place: Place,
  work: (referred: ReferredDatabase, pass: (seconds: number) => void) => Promise<T>,
): Promise<T> {
  let time = 0;
  const referred = await ReferredDatabase.at(users, place.options('users'));
  const pass = (seconds: number) => {
    time += seconds * 1000;
  };
  try {
    return await withClocks({ monotonic: () => time }, () => work(referred, pass));
  } finally {
    await referred.close();
  }
}

forEachEngineThoroughly((makePlace) => {
  test('says of each whether it is there', async () => {
    const place = await makePlace();
    await addUsersAndProducts(place);
    await asked(place, async (referred) => {
      expect([...(await referred.presence([1, 7, 3]))]).toEqual([
        [1, 'present'],
        [7, 'absent'],
        [3, 'present'],
      ]);
      const asked = await Promise.all([referred.presence([3]), referred.presence([7])]);
      expect(asked.map((found, index) => found.get([3, 7][index] as number))).toEqual(['present', 'absent']);
      expect(await referred.find(7)).toBe('absent');
      expect(await referred.find(2)).toMatchObject({ id: 2, name: 'User 2' });
    });
  });

  test('a database that is set up later is found, after a while', async () => {
    const place = await makePlace();
    await asked(place, async (referred, pass) => {
      expect([...(await referred.presence([1])).values()]).toEqual(['unknown']);
      await addUsersAndProducts(place);
      pass(6);
      expect([...(await referred.presence([1])).values()]).toEqual(['present']);
    });
  });
});

forEachEngineThoroughly((makePlace) => {
  test('a failure is not kept: the next lookup opens the database again', async () => {
    const place = await makePlace();
    await addUsersAndProducts(place);
    let isBroken = true;
    const declaration: DatabaseDeclaration = {
      ...users,
      get entities() {
        if (isBroken) {
          throw new RangeError('on purpose');
        }
        return users.entities;
      },
    };
    const referred = await ReferredDatabase.at(declaration, place.options('users'));
    await expect(Promise.all([referred.find(1), referred.presence([1])])).rejects.toThrow('on purpose');
    await expect(referred.find(1)).rejects.toThrow('on purpose');
    isBroken = false;
    expect(await referred.find(1)).toMatchObject({ id: 1 });
    await referred.close();
  });

  test('the database of another is never taken for one that is out of reach', async () => {
    const place = await makePlace();
    await addUsersAndProducts(place);
    await place.execute('users', "update meridian_identity_users set name = 'customers'");
    await asked(place, async (referred) => {
      for (let question = 0; question < 2; question++) {
        await expect(referred.find(1)).rejects.toMatchObject({ code: 'identity' });
      }
      await place.execute('users', "update meridian_identity_users set name = 'users'");
      expect(await referred.find(1)).toMatchObject({ id: 1 });
    });
  });
});

test('a server that refuses for a reason that is not known counts as out of reach, and is asked again later', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on('error', () => undefined);
    // an ErrorResponse (https://www.postgresql.org/docs/current/protocol-message-formats.html)
    const fields = Buffer.from('SFATAL\0VFATAL\0CXX000\0Mout of order\0\0');
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(fields.length + 4, 1);
    socket.once('data', () => socket.end(Buffer.concat([head, fields])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const location = locate('products', { PRODUCTS_DATABASE_URL: `postgresql://a:b@127.0.0.1:${port}/c` });
  let time = 0;
  const referred = await ReferredDatabase.at(products, { location });
  for (let question = 1; question <= 2; question++) {
    expect(await withClocks({ monotonic: () => time }, () => referred.find(1))).toBe('unknown');
    expect(connections).toBe(question);
    time += 6000;
  }
  await referred.close();
  server.close();
});

test('a file that is moved away and restored', async () => {
  const place = sqlitePlace(makeFolder());
  await addUsersAndProducts(place);
  await asked(place, async (referred) => {
    expect(await referred.find(1)).toMatchObject({ id: 1 });
    for (const extension of ['', '-wal', '-shm']) {
      rmSync(fileOf(place.folder, 'users') + extension, { force: true });
    }
    expect(await referred.find(1)).toBe('unknown');
    await addUsersAndProducts({
      ...place,
      execute: (name, sql) => (name === 'users' ? place.execute(name, sql) : Promise.resolve([])),
    });
    expect(await referred.find(1)).toMatchObject({ id: 1 });
  });
});

test('a file that is no database', async () => {
  const place = sqlitePlace(makeFolder());
  writeIn(place.folder, 'users.db', 'not a database, and long enough to be looked at. '.repeat(100));
  await asked(place, async (referred) => {
    expect(await referred.find(1)).toBe('unknown');
  });
});

test('a server that takes connections and never answers is given up, and not asked again at once', async () => {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const location = locate('products', { PRODUCTS_DATABASE_URL: `postgresql://a:b@127.0.0.1:${port}/c` });
  const referred = await ReferredDatabase.at(products, { location });
  try {
    expect(await referred.find(1)).toBe('unknown');
    expect(connections).toBeGreaterThan(0);
    const before = connections;
    expect(await referred.find(1)).toBe('unknown');
    expect(connections).toBe(before);
  } finally {
    await referred.close();
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  }
});
