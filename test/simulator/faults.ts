/** Makes the faults of a plan happen. */

import { openMigrated } from '../../src/database/open-migrated.ts';
import { beginEpoch } from '../../src/replication/outbox/epoch.ts';
import { MeridianError, messageOf } from '../../src/shared/errors.ts';
import { central as centralDeclaration, documents } from '../../src/shop/catalog.ts';
import { inboxOf } from '../../src/shop/central/inbox.ts';
import { regionDatabase } from '../../src/shop/regions/databases.ts';
import { openRegion } from '../../src/shop/trading/region.ts';
import { Operator } from './operator.ts';
import { BROKER, type Fault, ordersDatabase } from './plan.ts';
import type { Program, World } from './world.ts';

/** Schedules all faults of the world's plan. @returns ends them: from then on all is well */
export function scheduleFaults(world: World): () => void {
  const { kernel, plan, disk, network, broker } = world;
  const operator = new Operator(world);
  const full = new Map<string, number>();
  const slow = new Map<string, number>();
  const machineOf = ({ name }: { readonly name: string }) => world.machineOf(name);
  disk.faults.isFull = (process) => (full.get(machineOf(process)) ?? 0) > kernel.time;
  disk.faults.slowness = (process) => slow.get(machineOf(process)) ?? 1;
  let isOver = false;
  let isStoreRestored = false;
  plan.faults.forEach((fault, index) => {
    kernel.schedule(fault.at, () => {
      if (!isOver) {
        happen(fault, index);
      }
    });
  });
  return () => {
    isOver = true;
    disk.faults.clear();
    network.calm();
    broker.isFull = false;
    broker.isStopped = false;
    operator.end();
    world.show('operator', 'calm', 'all faults have ended');
    if (isStoreRestored) {
      // a document store that was restored is filled by hand: docs/operations.md
      for (const region of plan.regions) {
        world.runOnce(`rebuild ${region}`, region, resendProgram(region, undefined));
      }
    }
  };

  function happen(fault: Fault, index: number): void {
    const later = (milliseconds: number, action: () => void) => kernel.schedule(milliseconds, action);
    switch (fault.kind) {
      case 'kill': {
        const { process: name, statements, when, restartMilliseconds } = fault;
        const process = world.running(name);
        if (process !== undefined) {
          disk.faults.kill(process, statements, when, () =>
            world.kill(name, restartMilliseconds, `${when} a statement`),
          );
        }
        break;
      }
      case 'power cut':
        operator.cutPower(fault.machine, fault.restartMilliseconds);
        break;
      case 'pause': {
        const process = world.running(fault.process);
        if (process !== undefined) {
          process.pause(fault.milliseconds);
          world.effects.count('pause', fault.process.split(' ')[0] ?? '');
          world.show(fault.process, 'paused', `paused for ${seconds(fault.milliseconds)}`, until(fault.milliseconds));
        }
        break;
      }
      case 'cut':
        network.cut(fault.from, fault.to);
        world.show(fault.from, 'cut', `nothing reaches ${fault.to}`, until(fault.milliseconds));
        later(fault.milliseconds, () => network.mend(fault.from, fault.to));
        break;
      case 'clock step':
        world.clockOf(fault.machine).step(fault.milliseconds);
        world.effects.count('clock step', fault.milliseconds < 0 ? 'back' : 'forward');
        world.show(fault.machine, 'clock', `the clock is set by ${seconds(fault.milliseconds)}`);
        break;
      case 'disk error': {
        const process = world.running(fault.process);
        if (process !== undefined) {
          disk.faults.fail(process, fault.statements);
        }
        break;
      }
      case 'disk full':
        full.set(fault.machine, kernel.time + fault.milliseconds);
        world.show(fault.machine, 'disk full', 'the disk is full', until(fault.milliseconds));
        break;
      case 'disk slow':
        slow.set(fault.machine, fault.factor);
        world.effects.count('disk slow', fault.machine);
        world.show(
          fault.machine,
          'disk slow',
          `statements take ${fault.factor} times longer`,
          until(fault.milliseconds),
        );
        later(fault.milliseconds, () => slow.delete(fault.machine));
        break;
      case 'database away':
        operator.takeAway(fault.database, fault.milliseconds);
        break;
      case 'load user':
        operator.loadUser();
        break;
      case 'back up':
        operator.backUp(fault.databases, fault.label);
        break;
      case 'restore':
        operator.restore(fault.databases, fault.label, fault.restartMilliseconds);
        isStoreRestored ||= fault.databases.includes(documents.name);
        break;
      case 'promote':
        operator.promote(fault.database, fault.behindMilliseconds);
        break;
      case 'resend':
        world.runOnce(`resend ${index}`, fault.region, resendProgram(fault.region, fault.fromSeq));
        break;
      case 'retry dead letters':
        world.runOnce(`retry ${index}`, 'central', retryDeadLetters);
        break;
      case 'second process':
        operator.double(fault.process, fault.milliseconds, index);
        break;
      case 'wrong URL':
        world.runOnce(`stranger ${index}`, fault.region, strangerProgram(fault.region, fault.database));
        break;
      case 'broker wiped':
        broker.wipe();
        world.expectEpoch();
        world.show(BROKER, 'wiped', 'all streams are gone');
        break;
      case 'broker full':
        broker.isFull = true;
        world.show(BROKER, 'full', 'the streams are full', until(fault.milliseconds));
        later(fault.milliseconds, () => {
          broker.isFull = false;
        });
        break;
      case 'broker stopped':
        broker.isStopped = true;
        world.effects.count('broker stopped', broker.messages > 0 ? 'with messages' : 'empty');
        world.show(BROKER, 'stopped', 'the broker is stopped', until(fault.milliseconds));
        later(fault.milliseconds, () => {
          broker.isStopped = false;
        });
        break;
    }
  }

  function until(milliseconds: number) {
    return { until: kernel.time + milliseconds };
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `meridian resend`, as far as it begins an epoch. */
function resendProgram(region: string, fromSeq: number | undefined): Program {
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
const retryDeadLetters: Program = async (world, { name }) => {
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
function strangerProgram(region: string, database: string): Program {
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

/** An error that is meant for the user is a normal end of a command. */
function refuseUnlessExpected(world: World, name: string, error: unknown): void {
  world.show(name, 'failed', messageOf(error));
  if (!(error instanceof MeridianError) || error.code === 'program') {
    world.unexpected.push(`${name}: ${(error as Error).stack ?? error}`);
  }
}
