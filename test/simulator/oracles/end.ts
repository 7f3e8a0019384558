/** What has to be true once all faults have ended, without human help. */
import { Database } from '../../../src/database/database.ts';
import { central as centralDeclaration, ordersOf } from '../../../src/shop/catalog.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { CENTRAL, ordersDatabase } from '../plan.ts';
import type { World } from '../world.ts';
import { lostAnswers } from './answers.ts';
import { lostCancellations, wrongCancellations } from './cancellations.ts';
import { wrongComponentLists } from './component-lists.ts';
import { wrongDocuments } from './documents.ts';
import { tooManyEpochs } from './epochs.ts';
import { danglingOrders, wrongOutcomes } from './loads.ts';
import { wrongReports } from './reports.ts';

export interface EndViolation {
  readonly oracle: string;
  readonly text: string;
}

/** To be called when no process runs. */
export async function checkEnd(world: World): Promise<EndViolation[]> {
  const violations: EndViolation[] = [];
  const find = (oracle: string, texts: readonly string[]) => {
    violations.push(...texts.map((text) => ({ oracle, text })));
  };
  find('compare', await differences(world));
  find('dead letters', deadLetters(world));
  find('component lists', wrongComponentLists(world));
  for (const load of world.plan.loads ?? []) {
    find('loads', wrongOutcomes(world, load));
  }
  for (const region of world.plan.regions) {
    find('loads', danglingOrders(world, region));
    find('documents', wrongDocuments(world, region));
    find('answers', lostAnswers(world, region));
    find('cancellations', wrongCancellations(world, region));
    find('cancellations', lostCancellations(world, region));
    find('reports', wrongReports(world, region));
    find('epochs', tooManyEpochs(world, region));
  }
  return violations;
}

/** As `meridian compare` finds them. */
async function differences(world: World): Promise<string[]> {
  const texts: string[] = [];
  const central = await Database.open(centralDeclaration, world.databaseOptions(CENTRAL));
  for (const region of world.plan.regions) {
    const database = await Database.open(ordersOf(region), world.databaseOptions(ordersDatabase(region)));
    const { differences: count, leftOut, examples } = await compare(central, database);
    if (count > 0 || leftOut > 0) {
      texts.push(`${region}: ${count} differences, ${leftOut} left out: ${examples.slice(0, 3).join('; ')}`);
    }
    await database.close();
  }
  await central.close();
  return texts;
}

function deadLetters({ views }: World): string[] {
  const rows = views.rows<{ region: string; epoch: number; seq: number; error: string }>(
    CENTRAL,
    'select region, epoch, seq, error from dead_letter order by id limit 3',
  );
  return rows.map(({ region, epoch, seq, error }) => `event ${epoch}/${seq} of ${region}: ${error}`);
}
