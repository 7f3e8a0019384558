/** The settings of relays, by the plan. */
import type { RelaySettings } from '../../../src/replication/relay/settings.ts';
import type { Plan } from '../plan.ts';

export function relaySettings({ settings }: Pick<Plan, 'settings'>): Partial<RelaySettings> {
  const { batchEvents, pollMilliseconds, leaseSeconds, reconcileSeconds, confirmSeconds, keepDays } = settings;
  return {
    batchEvents,
    pollMilliseconds,
    leaseSeconds,
    reconcileSeconds,
    confirmSeconds,
    keepDays,
    maxBackOffMilliseconds: 4000,
  };
}
