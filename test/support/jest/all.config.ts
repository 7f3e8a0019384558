/** Jest's configuration of `npm run test:all`: every test file, at full depth, with the servers that `npm run servers` finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../../src/shared/project.ts';
import { recordFolder, testedFiles } from './record.ts';

const { jest } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { jest: object };
const { pathWithServers } = (await import(pathToFileURL(join(projectRoot, 'bin', 'servers.js')).href)) as {
  pathWithServers: string;
};

// Jest's workers inherit it
process.env['PATH'] = pathWithServers;
// what `depth-asked.ts` reads
process.env['MERIDIAN_TEST_DEPTH'] = 'thorough';

/** Run already as a whole, as they are run here. */
const tested = (recordFolder === undefined ? [] : testedFiles(recordFolder)).filter(({ names }) => names === undefined);

export default {
  ...jest,
  rootDir: projectRoot,
  testPathIgnorePatterns: ['/node_modules/', ...tested.map(({ path }) => `^${path.replace(/\W/g, '\\$&')}$`)],
  testSequencer: join(import.meta.dirname, 'longest-first.js'),
};
