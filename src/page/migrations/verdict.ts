/** The verdict on the migrations of a database. */
import type { Health } from '../frame/health.ts';

export interface MigrationState {
  readonly database: string;
  readonly state: string;
  readonly reason: string | null;
  readonly executed?: readonly string[];
  readonly pending?: readonly string[];
  readonly unknown?: readonly string[];
  readonly drift?: boolean;
}

export function migrationVerdict(state: MigrationState): { readonly health: Health; readonly advice: string } {
  const { database, pending = [], unknown = [], drift = false } = state;
  if (state.state === 'missing') {
    return { health: 'missing', advice: `It does not exist yet. Make it with npx meridian migrate ${database}.` };
  }
  if (state.state !== 'known') {
    return { health: 'failing', advice: state.reason ?? 'It cannot be read.' };
  }
  if (unknown.length > 0) {
    return { health: 'failing', advice: `It is newer than this version: ${unknown.join(', ')}. Install a newer one.` };
  }
  if (pending.length > 0) {
    return { health: 'behind', advice: `Back it up, then run npx meridian migrate ${database}.` };
  }
  return drift
    ? {
        health: 'behind',
        advice: 'Its entities differ from the last migration. Make one with npx meridian migrate:create.',
      }
    : { health: 'well', advice: '' };
}
