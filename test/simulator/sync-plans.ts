/** Plans of one machine, on which one process ships all regions, as `meridian sync --watch` does. */
import { CENTRAL, type Fault, type Plan, SYNC } from './plan.ts';

/** The same plan without relays, central and a network between them: what happens to them happens to that process. */
export function onOneMachine(plan: Plan): Plan {
  const { wholePrograms: _, ...rest } = plan;
  return { ...rest, sync: true, faults: plan.faults.flatMap((fault) => moved(fault, plan.regions)) };
}

function moved(fault: Fault, regions: readonly string[]): Fault[] {
  if (fault.kind === 'cut') {
    const onMachine = [CENTRAL, ...regions];
    // between a region and central there is no network
    return onMachine.includes(fault.from) && onMachine.includes(fault.to)
      ? []
      : [{ ...fault, from: moveMachine(fault.from), to: moveMachine(fault.to) }];
  }
  if ('process' in fault) {
    const isShipping = fault.process === CENTRAL || fault.process.startsWith('relay ');
    return [isShipping ? { ...fault, process: SYNC } : fault];
  }
  return ['machine' in fault ? { ...fault, machine: CENTRAL } : fault];

  function moveMachine(machine: string): string {
    return regions.includes(machine) ? CENTRAL : machine;
  }
}
