/** The project of docs/getting-started.md in a folder, with this checkout in place of the installed package. */
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/shared/project.ts';
import { filesOf } from './documentation/pages.ts';
import { writeIn } from './folder.ts';

export function makeParcelsProject(folder: string): void {
  writeIn(folder, 'package.json', '{"name":"parcels","private":true,"type":"module"}');
  for (const [file, text] of filesOf('docs/getting-started.md')) {
    writeIn(folder, file, text);
  }
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(projectRoot, 'node_modules')).filter((one) => !one.startsWith('.'))) {
    symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  }
  symlinkSync(projectRoot, join(modules, 'meridian'));
}
