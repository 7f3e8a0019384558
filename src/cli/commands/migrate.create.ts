/** `meridian migrate:create`: one migration for all databases that share a migration folder. */
import type { Project } from '../../config/module.ts';
import { type CreatedMigration, createMigration, folderOf, plannedMigration } from '../../database/create-migration.ts';
import { choose } from '../../database/declaration.ts';
import { eachDatabase, type Result } from '../../database/each-database.ts';
import type { Output } from '../output/terminal.ts';
import { allDatabases } from '../project.ts';

/** Creates migrations sequentially, since databases of the same kind share a folder: the first one creates it for all. */
export async function createMigrations(
  project: Project,
  names: readonly string[],
  isDryRun: boolean,
): Promise<Result<CreatedMigration>[]> {
  const results: Result<CreatedMigration>[] = [];
  const done = new Set<string>();
  for (const declaration of choose(allDatabases(project), names)) {
    const [result] = await eachDatabase([declaration], { create: false, lock: false }, async (database) => {
      const folder = folderOf(database);
      if (done.has(folder)) {
        return undefined;
      }
      done.add(folder);
      return isDryRun ? plannedMigration(database) : createMigration(database);
    });
    if (result !== undefined && 'error' in result) {
      results.push(result);
    } else if (result?.value !== undefined) {
      results.push({ name: result.name, value: result.value });
    }
  }
  return results;
}

export function printCreated(output: Output, name: string, { file, sql }: CreatedMigration): void {
  if (sql === '') {
    output.say(`${name}: no change`);
  } else if (file === null) {
    output.say(`-- ${name}\n${sql}`);
  } else {
    output.say(`${name}: wrote ${file}`, 'success');
  }
}
