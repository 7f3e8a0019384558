/** What package.json and its lock file have to say for `npm ci` to work everywhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../src/shared/project.ts';

const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));

test('npm 10 is kept from compiling better-sqlite3, which brings its binaries', () => {
  const { packages } = read('package-lock.json');
  expect(packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false });
});

test('the lock file names no registry', () => {
  expect(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
});

test('all MikroORM packages have the same version', () => {
  const { packages } = read('package-lock.json');
  const versions = Object.entries<{ version: string }>(packages).filter(([path]) => path.includes('/@mikro-orm/'));
  expect(new Set(versions.map(([, { version }]) => version))).toEqual(new Set(['7.2.1']));
});

test('a project brings its own MikroORM and validator, and drivers only where it uses them', () => {
  const { peerDependencies, peerDependenciesMeta, dependencies } = read('package.json');
  const isOptional = (name: string) => peerDependenciesMeta[name]?.optional === true;
  expect(Object.keys(peerDependencies).filter((name) => !isOptional(name))).toEqual([
    '@mikro-orm/core',
    '@mikro-orm/decorators',
    '@mikro-orm/migrations',
    'class-validator',
    'reflect-metadata',
  ]);
  expect(Object.keys(peerDependenciesMeta).filter((name) => !(name in peerDependencies))).toEqual([]);
  // a range that the copy under MikroORM's drivers satisfies; as peers, npm would choose the newest and refuse to install
  expect(dependencies).toMatchObject({ '@mikro-orm/sql': '^7.2.1', kysely: '^0.29.6' });
});

test('better-sqlite3, kysely and pg are the ones that MikroORM uses', () => {
  const { packages } = read('package-lock.json');
  const copies = Object.keys(packages).filter((path) => /(^|\/)node_modules\/(better-sqlite3|kysely|pg)$/.test(path));
  expect(copies.sort()).toEqual(['node_modules/better-sqlite3', 'node_modules/kysely', 'node_modules/pg']);
});
