/** The examples in the doc comments of what a project imports, and those of its guide, compile, as a project with the package's types has them. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { makeProject } from '../support/own-project.ts';
import { PARCELS } from '../support/parcels.ts';

/** Where what is exported is declared. */
const SOURCES = [
  'src/api/migrate.ts',
  'src/api/open.ts',
  'src/api/populate.ts',
  'src/api/runs.ts',
  'src/api/verify.ts',
  'src/config/define-config.ts',
  'src/config/module.ts',
  'src/database/entity-tables.ts',
  'src/database/statement.ts',
  'src/integrity/related.ts',
  'src/replication/inbox/inbox.ts',
  'src/replication/outbox/change-events.ts',
  'src/replication/outbox/outbox.ts',
  'src/replication/index.ts',
  'src/shop/index.ts',
  'src/testing/temporary-databases.ts',
  'src/types.ts',
];

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  },
  include: ['*.ts'],
};

/** The code blocks of doc comments, without the asterisks. */
function examplesIn(source: string): string[] {
  const text = readFileSync(join(projectRoot, source), 'utf8');
  return [...text.matchAll(/ \* ```ts\n(.*?) \* ```/gs)].map(([, block = '']) => block.replace(/^ \* ?/gm, ''));
}

/** The code blocks of a page. */
function blocksIn(page: string): string[] {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block = '']) => block);
}

test('every example compiles', () => {
  const guide = blocksIn('docs/guides/programs.md').map((text, index) => [`guide-${index}.ts`, text]);
  const examples = SOURCES.flatMap((source) =>
    examplesIn(source).map((text, index) => [`${source.replaceAll('/', '-').replace('.ts', '')}-${index}.ts`, text]),
  );
  expect(guide.length).toBeGreaterThan(2);
  expect(examples.length).toBeGreaterThanOrEqual(SOURCES.length);
  const folder = makeProject(
    { ...PARCELS, ...Object.fromEntries([...examples, ...guide]), 'tsconfig.json': JSON.stringify(TSCONFIG) },
    ['@types/node', 'undici-types', 'kysely'],
  );
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
