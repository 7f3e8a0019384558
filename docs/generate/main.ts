/** `npm run docs`: writes the reference. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { REFERENCE, referencePages } from './pages.ts';
import { projectRoot } from './sources.ts';

mkdirSync(join(projectRoot, REFERENCE), { recursive: true });
for (const [path, text] of await referencePages()) {
  writeFileSync(join(projectRoot, path), text);
  process.stdout.write(`${path}\n`);
}
