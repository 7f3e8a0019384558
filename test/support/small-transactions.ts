/** For commands that are killed within a load: as many batches, transactions and threads as five times the records have by themselves. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from '../../src/config/module.ts';
import { loadProject } from '../../src/config/project.ts';
import { buildRoot } from '../../src/shared/project.ts';

const LIMITS = { batchRecords: 100, transactionRecords: 10_000, threadRecords: 40_000 };
const CONFIG = 'meridian.config.mjs';
const own = pathToFileURL(join(buildRoot, 'meridian.config.js')).href;

/** Puts the project of `meridian.config.ts` into a folder, with these limits; commands that run there find it. */
export function withSmallTransactions(folder: string): Promise<Project> {
  const file = join(folder, CONFIG);
  if (!existsSync(file)) {
    symlinkSync(join(buildRoot, 'migrations'), join(folder, 'migrations'));
    writeFileSync(
      file,
      `import config from '${own}';\nexport default { ...config, limits: ${JSON.stringify(LIMITS)} };\n`,
    );
  }
  return loadProject(file);
}
