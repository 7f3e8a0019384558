/** Where databases are, for what finds them by their variables; as it was before when the test is over. */
import process from 'node:process';
import { afterEach } from '@jest/globals';
import { urlVariable } from '../../src/database/location.ts';

const before = new Map<string, string | undefined>();

afterEach(() => {
  for (const [variable, value] of before) {
    if (value === undefined) {
      delete process.env[variable];
    } else {
      process.env[variable] = value;
    }
  }
  before.clear();
});

export function pointAt(database: string, url: string): void {
  const variable = urlVariable(database);
  before.set(variable, before.has(variable) ? before.get(variable) : process.env[variable]);
  process.env[variable] = url;
}
