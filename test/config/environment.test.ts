/** Which variables a project has, from whatever folder its commands are run. */
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readProjectEnvironment } from '../../src/config/environment.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { replaceEnvironment } from '../support/environment.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const cwd = process.cwd();
let undo: () => void;

beforeEach(() => {
  undo = replaceEnvironment({ SET_DATABASE_URL: 'sqlite:set.db' });
});

afterEach(() => {
  undo();
  process.chdir(cwd);
});

test('those of the working directory win over those beside the config, and those that are set over both', () => {
  const root = makeFolder();
  writeIn(
    root,
    '.env',
    [
      'SET_DATABASE_URL=sqlite:other.db',
      'NEAR_DATABASE_URL=sqlite:other.db',
      'FAR_DATABASE_URL=sqlite:data/far.db',
      'FAR_DATABASE_URL_NORTH=sqlite:///data/far.db',
      'MEMORY_DATABASE_URL=sqlite::memory:',
      'SERVER_DATABASE_URL=postgresql://db/a',
      'OTHER=sqlite:a.db',
    ].join('\n'),
  );
  writeIn(root, 'src/.env', 'NEAR_DATABASE_URL=sqlite:near.db');
  process.chdir(join(root, 'src'));
  readProjectEnvironment(root);
  expect(process.env).toMatchObject({
    SET_DATABASE_URL: 'sqlite:set.db',
    NEAR_DATABASE_URL: 'sqlite:near.db',
    // the same file from every folder
    FAR_DATABASE_URL: `sqlite:${join(root, 'data', 'far.db')}`,
    FAR_DATABASE_URL_NORTH: 'sqlite:///data/far.db',
    MEMORY_DATABASE_URL: 'sqlite::memory:',
    SERVER_DATABASE_URL: 'postgresql://db/a',
    OTHER: 'sqlite:a.db',
  });
});

test('one that cannot be read is named with its folder', () => {
  const root = makeFolder();
  writeIn(root, '.env', new Uint8Array([0xff, 0xfe]));
  expect(() => readProjectEnvironment(root)).toThrow(`.env in ${root} is not UTF-8 text.`);
});

test("Meridian's own says nothing of a folder that its commands are tried in", () => {
  process.chdir(makeFolder());
  expect(() => readProjectEnvironment(projectRoot)).not.toThrow();
});
