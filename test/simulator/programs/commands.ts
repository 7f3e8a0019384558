/** Commands that an operator runs beside the programs of a region and of central. */
import { openMigrated, openToRead } from '../../../src/database/open-migrated.ts';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import { MeridianError, messageOf } from '../../../src/shared/errors.ts';
import { central as centralDeclaration } from '../../../src/shop/catalog.ts';
import { inboxOf } from '../../../src/shop/central/inbox.ts';
import { compare } from '../../../src/shop/compare/compare.ts';
import { regionDatabase } from '../../../src/shop/regions/databases.ts';
import { openRegion } from '../../../src/shop/trading/region.ts';
import { ordersDatabase } from '../plan.ts';
import type { Program, World } from '../world.ts';

/** `meridian resend`, as far as it begins an epoch. */
export function resendProgram(region: string, fromSeq: number | undefined): Program {
  return async (world, { name }) => {
    const declaration = regionDatabase(region);
    const database = await openMigrated(declaration, undefined, world.databaseOptions(declaration.name));
    try {
      const epoch = await beginEpoch(database, fromSeq === undefined ? {} : { fromSeq });
      world.expectEpoch(region);
      world.effects.count('resend', fromSeq === undefined ? 'everything' : 'from a sequence number');
      world.show(name, 'resend', `epoch ${epoch} of ${region} begins`);
    } catch (error) {
      refuseUnlessExpected(world, name, database.explain(error));
    }
    await database.close();
  };
}

/** `meridian dead-letters retry --all` */
export const retryDeadLetters: Program = async (world, { name }) => {
  const central = await openMigrated(centralDeclaration, undefined, world.databaseOptions(centralDeclaration.name));
  const inbox = inboxOf(central);
  for (const id of await inbox.deadLetterIds()) {
    try {
      await inbox.retry(id);
      world.effects.count('dead letter retried', 'central');
    } catch (error) {
      refuseUnlessExpected(world, name, error);
    }
  }
  await central.close();
};

/** A region whose URL names the database of another one has to be refused. */
export function strangerProgram(region: string, database: string): Program {
  return async (world, { name }) => {
    const wrong = (asked: string) => world.databaseOptions(asked === ordersDatabase(region) ? database : asked);
    try {
      const opened = await openRegion(region, { databaseOptions: wrong });
      world.unexpected.push(`${region} has been opened on ${database}`);
      await opened.close();
    } catch (error) {
      if (error instanceof MeridianError && error.code === 'identity') {
        world.effects.count('wrong URL refused', region);
        world.show(name, 'refused', error.message);
      } else {
        refuseUnlessExpected(world, name, error);
      }
    }
  };
}

/** `meridian compare --region`: as long as nothing was restored or sent again, it finds no difference, whatever is on its way. */
export function compareProgram(region: string): Program {
  return async (world, { name }) => {
    const declaration = regionDatabase(region);
    try {
      const central = await openToRead(centralDeclaration, world.databaseOptions(centralDeclaration.name));
      const database = await openToRead(declaration, world.databaseOptions(declaration.name));
      const { differences, leftOut, examples } = await compare(central, database);
      world.effects.count('compare', leftOut > 0 ? 'with events on their way' : 'at rest');
      if (differences > 0 && world.reasonsForEpochs(region) === 0) {
        world.unexpected.push(`${name}: ${region} differs from central: ${examples.slice(0, 3).join('; ')}`);
      }
      await database.close();
      await central.close();
    } catch (error) {
      refuseUnlessExpected(world, name, error);
    }
  };
}

/** An error that is meant for the user is a normal end of a command. */
function refuseUnlessExpected(world: World, name: string, error: unknown): void {
  world.show(name, 'failed', messageOf(error));
  if (!(error instanceof MeridianError) || error.code === 'program') {
    world.unexpected.push(`${name}: ${(error as Error).stack ?? error}`);
  }
}
