/** Makes the faults of a plan happen. */

import { documents } from '../../src/shop/catalog.ts';
import { Operator } from './operator.ts';
import { BROKER, CENTRAL, type Fault } from './plan.ts';
import { compareProgram, resendProgram, retryDeadLetters, strangerProgram } from './programs/commands.ts';
import { shipListsAgain } from './programs/components.ts';
import type { World } from './world.ts';

/** Schedules all faults of the world's plan. @returns ends them: from then on all is well */
export function scheduleFaults(world: World): () => Promise<void> {
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
  return async () => {
    isOver = true;
    disk.faults.clear();
    network.calm();
    broker.isFull = false;
    broker.isStopped = false;
    await operator.end();
    world.show('operator', 'calm', 'all faults have ended');
    // a document store that was restored is filled by hand, and an empty region is sent again by hand: docs/operations.md
    if (isStoreRestored && plan.lists !== undefined) {
      world.runOnce('rebuild lists', CENTRAL, shipListsAgain);
    }
    for (const region of isStoreRestored ? plan.regions : operator.emptied) {
      world.runOnce(`rebuild ${region}`, region, resendProgram(region, undefined));
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
        kernel.wait(operator.cutPower(fault.machine, fault.restartMilliseconds));
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
        kernel.wait(operator.takeAway(fault.database, fault.milliseconds));
        break;
      case 'load user':
        kernel.wait(operator.loadUser());
        break;
      case 'back up':
        kernel.wait(operator.backUp(fault.databases, fault.label));
        break;
      case 'restore':
        kernel.wait(operator.restore(fault.databases, fault.label, fault.restartMilliseconds));
        isStoreRestored ||= fault.databases.includes(documents.name);
        break;
      case 'promote':
        kernel.wait(operator.promote(fault.database, fault.behindMilliseconds));
        break;
      case 'resend':
        world.runOnce(`resend ${index}`, fault.region, resendProgram(fault.region, fault.fromSeq));
        break;
      case 'retry dead letters':
        world.runOnce(`retry ${index}`, 'central', retryDeadLetters);
        break;
      case 'compare':
        world.runOnce(`compare ${index}`, fault.region, compareProgram(fault.region));
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
