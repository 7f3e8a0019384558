/** Loads one file of orders into a region; started again, it goes on where it was stopped. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { populate } from '../../../src/populate/populate.ts';
import { filesSource } from '../../../src/populate/read/file.ts';
import type { Source } from '../../../src/populate/read/source.ts';
import type { DatabaseReport } from '../../../src/populate/report.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { products, users } from '../../../src/shop/catalog.ts';
import { regionDatabase } from '../../../src/shop/regions/databases.ts';
import type { SimulatedProcess } from '../kernel/simulated-process.ts';
import { HEADER } from '../loads.ts';
import { ordersDatabase, type PlannedLoad } from '../plan.ts';
import type { Program, World } from '../world.ts';

/** `meridian populate --region --orders` */
export function populateProgram(load: PlannedLoad): Program {
  return async (world, process) => {
    await process.sleep(load.at - world.kernel.time);
    const { name } = process;
    const declaration = regionDatabase(load.region);
    const path = join(world.folder('orders'), fileOf(load));
    writeFileSync(path, [HEADER, ...load.lines, ''].join('\n'));
    // without a module of declarations, everything is loaded in this thread
    const { databases } = await populate({
      catalog: [users, products, declaration],
      sources: {
        [declaration.name]: closedWith(
          process,
          filesSource(fileOf(load), [{ path, settings: {}, called: fileOf(load) }]),
        ),
      },
      rejectsDirectory: rejectsFolder(world),
      batchRecords: load.batchRecords,
      transactionRecords: load.transactionRecords,
      databaseOptions: (database) => world.databaseOptions(database),
      listener: {
        continued: (_, run) => world.effects.count('load continued', run.state),
        warned: (_, sentence) => {
          if (sentence.includes('is not continued')) {
            world.effects.count('load abandoned', 'another file is loaded');
          }
        },
      },
    });
    ended(world, name, load, databases[declaration.name]);
  };
}

function ended(world: World, name: string, load: PlannedLoad, report: DatabaseReport | undefined): void {
  if (report?.failure !== undefined) {
    const { failure } = report;
    world.effects.count('load stopped', failure instanceof MeridianError ? failure.code : 'unknown');
    throw failure;
  }
  const { read, inserted, updated, unchanged, rejected } = report ?? {};
  const counts = `${inserted} inserted, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`;
  world.effects.count('load finished', rejected === 0 ? 'without rejects' : 'with rejects');
  world.show(name, 'loaded', `${fileOf(load)}: ${counts}`);
  if (read !== load.lines.length || report?.refused !== undefined) {
    world.unexpected.push(`${name}: ${read} of ${load.lines.length} records: ${counts}; ${report?.refused?.message}`);
  }
}

/** The operating system closes the file when the process is killed. */
function closedWith({ resources }: SimulatedProcess, source: Source): Source {
  return {
    ...source,
    async keep(directory, sampling) {
      const kept = (await source.keep?.(directory, sampling)) ?? source;
      const opened = { close: () => void kept.release?.() };
      resources.add(opened);
      return {
        ...kept,
        release: async () => {
          if (resources.delete(opened)) {
            await kept.release?.();
          }
        },
      };
    },
  };
}

export function fileOf({ name }: Pick<PlannedLoad, 'name'>): string {
  return `${name}.csv`;
}

export function rejectsFolder(world: World): string {
  return world.folder('rejects');
}

/** Whether the newest run over the file has ended: an operator repeats a load that a restored region knows nothing of. */
export function isLoaded({ views }: World, load: PlannedLoad): boolean {
  const newest = 'select state from meridian_runs_orders where source = ? order by id desc limit 1';
  return views.row<{ state: string }>(ordersDatabase(load.region), newest, fileOf(load))?.state === 'finished';
}
