/** What `meridian verify --repair` does before it verifies: it decides over the pending orders of the regions. */
import { exitCodeFor, FAILED } from '../../cli/output/exit-code.ts';
import { type Output, printable, renderTable } from '../../cli/output/terminal.ts';
import { isThere } from '../../database/open-migrated.ts';
import { MeridianError } from '../../shared/errors.ts';
import { knownRegions, regionDatabase } from '../regions/databases.ts';
import { openRegion } from '../trading/region.ts';
import { type Settlement, settlePending } from '../trading/settle-pending.ts';

export interface Repair {
  /** By region; of those that have a database. */
  readonly settlements: Readonly<Record<string, Settlement | { readonly error: string }>>;
  /** Failed when something is pending still, or a region could not be asked. */
  readonly exitCode: number;
}

/** Goes through all regions that have a database; what fails in one does not keep the others from being repaired. */
export async function repair(output: Output): Promise<Repair> {
  const settlements: Record<string, Settlement | { readonly error: string }> = {};
  let exitCode = 0;
  for (const name of knownRegions()) {
    try {
      if (!(await isThere(regionDatabase(name)))) {
        continue;
      }
      const settlement = await repairRegion(name, output);
      settlements[name] = settlement;
      if (settlement.pending > 0) {
        exitCode = Math.max(exitCode, FAILED);
      }
      for (const { orderId, message } of settlement.examples) {
        output.note(`${name}: cancelled order ${orderId}: ${printable(message)}`);
      }
    } catch (error) {
      if (!(error instanceof MeridianError)) {
        throw error;
      }
      settlements[name] = { error: error.message };
      exitCode = Math.max(exitCode, exitCodeFor(error));
      output.fail(error);
    }
  }
  tell(output, settlements);
  return { settlements, exitCode };
}

async function repairRegion(name: string, output: Output): Promise<Settlement> {
  const region = await openRegion(name, {
    migrated: (database, names) => output.note(`${database}: applied ${names.join(', ')}`),
  });
  try {
    return await settlePending(region);
  } finally {
    await region.close();
  }
}

function tell(output: Output, settlements: Repair['settlements']): void {
  const rows = Object.entries(settlements).map(([region, one]) =>
    'error' in one ? [region, '?', '?', '?'] : [region, one.confirmed, one.cancelled, one.pending],
  );
  if (rows.length === 0) {
    output.say('No region has a database yet, so there was nothing to repair.');
    return;
  }
  output.say(renderTable(['region', 'confirmed', 'cancelled', 'still pending'], rows));
  if (Object.values(settlements).some((one) => 'pending' in one && one.pending > 0)) {
    output.say(
      'What is pending still names users or products that are out of reach, or that a load which is not finished may bring. Run the same command again when they are there.',
    );
  }
}
