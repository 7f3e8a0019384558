/** The command line: runs the command that is named; alone in a terminal, opens the menu. */
import process from 'node:process';
import { FAILED } from './cli/output/exit-code.ts';
import { untilSettled } from './cli/output/unsettled.ts';
import { complain, run } from './cli/run.ts';
import type { Project } from './config/module.ts';
import { importFor } from './shared/optional.ts';
import { catalog } from './shop/catalog.ts';
import { shop } from './shop/cli/shop.module.ts';
import { databaseModule } from './shop/regions/databases.ts';

const project: Project = { databases: catalog, modules: [shop], databaseModule };

// a reader that closes the pipe, as head does, ends the output and not the work
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && stream === process.stdout) {
      process.stderr.write(`Error: standard output cannot be written: ${error.message}.\n`);
    }
    process.exitCode ||= error.code === 'EPIPE' ? 0 : FAILED;
  });
}

const args = process.argv.slice(2);
const isMenu = args.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
process.exitCode = await untilSettled(isMenu ? openMenu() : run(args, project), (error) => complain(error, args));

/** The prompts are loaded only for the menu. */
async function openMenu(): Promise<number> {
  try {
    const { menu } = await importFor('The menu', () => import('./cli/menu/menu.ts'));
    return await menu(project);
  } catch (error) {
    return complain(error, args);
  }
}
