import { expect, test } from '@jest/globals';
import { saveMemory } from '../../src/cli/save-memory.ts';
import { until } from '../support/until.ts';

test('what nothing refers to is collected', async () => {
  const collected = new Set<string>();
  const registry = new FinalizationRegistry((name: string) => collected.add(name));
  const kept = { size: 1 };
  registry.register(kept, 'kept');
  registry.register({ size: 2 }, 'garbage');
  await saveMemory();
  await until('the garbage is collected', () => collected.size > 0);
  expect([...collected]).toEqual(['garbage']);
  expect(kept.size).toBe(1);
});
