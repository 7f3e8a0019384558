/** Whether the process that something belongs to has ended. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { hasEnded, parseOwner, thisProcess } from '../../../src/shared/files/owner.ts';

test('this process runs', () => {
  expect(hasEnded(thisProcess())).toBe(false);
  expect(hasEnded({ ...thisProcess(), pid: process.ppid, start: '' })).toBe(process.platform === 'linux');
});

test('a process that has ended', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  expect(hasEnded({ ...thisProcess(), pid })).toBe(true);
});

test('nothing is known of processes elsewhere', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  expect(hasEnded({ ...thisProcess(), space: 'another machine', pid })).toBe(false);
});

test('an owner is read as it was written, and nothing else is', () => {
  const owner = thisProcess();
  expect(parseOwner(JSON.stringify(owner))).toEqual(owner);
  for (const text of ['', '{', 'null', '1', '{}', '{"space":"a","pid":"1","start":""}', '{"space":"a","pid":1}']) {
    expect(parseOwner(text)).toBeUndefined();
  }
});
