/** The work of `meridian verify --repair` before rows are checked: it settles the pending orders of the regions. */
import { MeridianError } from '../../index.ts';
import {
  type CommandOutput,
  exitCodeFor,
  FAILED,
  printable,
  renderTable,
  type VerifyExtension,
  worstOf,
} from '../../module.ts';
import type { Settlement } from '../trading/settle-pending.ts';
import { settleRegions } from '../trading/settle-regions.ts';

/** Confirms or cancels pending orders, as far as users and products can be read, and prints the result. */
export async function repairPendingOrders(output: CommandOutput): ReturnType<VerifyExtension['prepare']> {
  const results = await settleRegions({
    migrated: (database, names) => output.note(`${database}: applied ${names.join(', ')}`),
    settled(region, { examples }) {
      for (const { orderId, message } of examples) {
        output.note(`${region}: cancelled order ${orderId}: ${printable(message)}`);
      }
    },
    failed: (_, error) => output.fail(error),
  });
  printSettlements(output, results);
  const repaired = Object.entries(results).map(([region, one]) => [
    region,
    one instanceof MeridianError ? { error: one.message } : one,
  ]);
  return {
    exitCode: worstOf(Object.values(results).map(exitCodeOf)),
    json: { repaired: Object.fromEntries(repaired) },
  };
}

function exitCodeOf(result: Settlement | MeridianError): number {
  return result instanceof MeridianError ? exitCodeFor(result) : result.pending > 0 ? FAILED : 0;
}

function printSettlements(output: CommandOutput, results: Readonly<Record<string, Settlement | MeridianError>>): void {
  const rows = Object.entries(results).map(([region, one]) =>
    one instanceof MeridianError ? [region, '?', '?', '?'] : [region, one.confirmed, one.cancelled, one.pending],
  );
  if (rows.length === 0) {
    output.say('No region has a database yet, so there was nothing to repair.');
    return;
  }
  output.say(renderTable(['region', 'confirmed', 'cancelled', 'still pending'], rows));
  if (Object.values(results).some((one) => !(one instanceof MeridianError) && one.pending > 0)) {
    output.say(
      'Pending orders name users or products that cannot be read, or that an unfinished load may add. Run the same command again later.',
    );
  }
}
