/** The shop compiles against the declarations that the package ships, which leave out what is internal, as a user's module does. */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { buildRoot, projectRoot } from '../../src/shared/project.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

/** Without the page, which is built into one module for browsers. A folder in which the shop is source and the tool is what the package has of it. */
function shopOnPackage(): string {
  const folder = makeFolder();
  cpSync(join(projectRoot, 'src', 'shop'), join(folder, 'src', 'shop'), { recursive: true });
  cpSync(join(buildRoot, 'src'), join(folder, 'src'), {
    recursive: true,
    filter: (path) => !path.endsWith('.js') && !path.endsWith('.map') && path !== join(buildRoot, 'src', 'shop'),
  });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  const { compilerOptions } = JSON.parse(readFileSync(join(projectRoot, 'tsconfig.json'), 'utf8'));
  writeIn(
    folder,
    'tsconfig.json',
    JSON.stringify({ compilerOptions, include: ['src/shop'], exclude: ['src/shop/page'] }),
  );
  return folder;
}

function compile(folder: string): string {
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  return spawnSync(process.execPath, [compiler, '--noEmit', '-p', folder], { encoding: 'utf8' }).stdout;
}

test('it uses nothing that is internal', () => {
  const folder = shopOnPackage();
  expect(compile(folder)).toBe('');
  writeIn(
    folder,
    'src/shop/planted.ts',
    "import type { Database } from '../databases.ts';\n\nexport const engine = (database: Database) => database.engine;\n",
  );
  expect(compile(folder)).toMatch(/planted\.ts\(3,.*Property 'engine' does not exist on type 'Database'/);
});
