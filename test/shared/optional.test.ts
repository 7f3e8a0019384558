/** Packages that a project need not install: the sentence that names a missing one. */
import { expect, test } from '@jest/globals';
import { importFor } from '../../src/shared/optional.ts';

/** What Node.js throws where a package is missing. */
function notFound(name: string, code = 'ERR_MODULE_NOT_FOUND'): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from /project/node_modules/meridian/x.js`), {
    code,
  });
}

test('what is installed is returned', async () => {
  expect(await importFor('A chart', () => Promise.resolve('loaded'))).toBe('loaded');
});

test('a missing driver is named, at the version of the MikroORM that is installed', async () => {
  await expect(importFor('PostgreSQL', () => Promise.reject(notFound('@mikro-orm/postgresql')))).rejects.toMatchObject({
    code: 'package',
    message: 'PostgreSQL needs @mikro-orm/postgresql: npm i @mikro-orm/postgresql@7.2.1',
  });
});

test('all packages of a feature are named, at the major version that fits', async () => {
  await expect(importFor('NATS', () => Promise.reject(notFound('@nats-io/transport-node')))).rejects.toMatchObject({
    code: 'package',
    message:
      'NATS needs @nats-io/jetstream and @nats-io/transport-node: npm i @nats-io/jetstream@3 @nats-io/transport-node@3',
  });
});

test('of a version below 1, the minor version is named as well', async () => {
  await expect(importFor('Parquet', () => Promise.reject(notFound('hyparquet-writer')))).rejects.toThrow(
    'Parquet needs hyparquet-writer: npm i hyparquet-writer@0.17',
  );
});

test('a package that is loaded by require is named as well', async () => {
  await expect(importFor('A chart', () => Promise.reject(notFound('chartscii', 'MODULE_NOT_FOUND')))).rejects.toThrow(
    'A chart needs chartscii: npm i chartscii@4',
  );
});

test('a package that @swc-node/register cannot resolve is named as well', async () => {
  const error = new Error("Cannot find module 'chartscii': chartscii cannot be resolved in file:///project/x.js");
  await expect(importFor('A chart', () => Promise.reject(error))).rejects.toThrow(
    'A chart needs chartscii: npm i chartscii@4',
  );
});

test('other errors are passed on', async () => {
  for (const error of [notFound('left-pad'), new Error("Cannot find package 'chartscii'"), undefined]) {
    await expect(importFor('A chart', () => Promise.reject(error))).rejects.toBe(error);
  }
});
