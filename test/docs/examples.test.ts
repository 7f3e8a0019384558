/** What the example services start is a command that the program takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { parse } from '../support/parse.ts';

const examples = join(projectRoot, 'docs', 'examples');

/** Lines of units, and lists in the compose file, that start Meridian: as words after `meridian.js`. */
function startedBy(file: string): string[][] {
  const text = readFileSync(join(examples, file), 'utf8');
  const units = [...text.matchAll(/^ExecStart=.*meridian\.js (.*)$/gm)].map(([, words = '']) => words.split(' '));
  const lists = [...text.matchAll(/^ +command: \['node', 'bin\/meridian\.js', (.*)\]$/gm)].map(
    ([, words = '']): string[] => JSON.parse(`[${words.replaceAll("'", '"')}]`),
  );
  return [...units, ...lists].map((words) =>
    words.map((word) => word.replace('%i', 'boston').replace(/^\$\{HEALTH_PORT\}$/, '8101')),
  );
}

/** Users of NATS are tried where there is a nats-server: test/replication/transport/nats/permissions.nats.test.ts */
const files = readdirSync(examples).filter((file) => !file.endsWith('.conf'));

const STARTED = files.flatMap((file) => startedBy(file).map((words) => [file, ...words]));

test('each of them starts something', () => {
  expect(new Set(STARTED.map(([file]) => file))).toEqual(new Set(files));
});

test.each(STARTED)('%s: %s %s %s %s', async (_, ...words) => {
  expect(await parse(words)).not.toBe('');
});
