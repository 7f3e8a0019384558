/** What the overview says of a database, and what to do. */
import type { Health } from '../frame/health.ts';

export interface DatabaseState {
  readonly database: string;
  readonly state: string;
  readonly reason: string | null;
}

export interface Verdict {
  readonly health: Health;
  readonly advice: string;
}

export function databaseVerdict({ state, reason }: DatabaseState): Verdict {
  switch (state) {
    case 'ok':
      return { health: 'well', advice: '' };
    case 'missing':
      return { health: 'missing', advice: 'It does not exist yet. The first load, or npx meridian migrate, makes it.' };
    case 'failing':
      return { health: 'failing', advice: reason ?? 'It cannot be read.' };
    default:
      return { health: 'unknown', advice: 'Its state is not known.' };
  }
}

const ORDER: readonly Health[] = ['failing', 'unknown', 'behind', 'missing', 'well'];

/** The one sentence of the overview: about the worst. */
export function summaryOf(verdicts: readonly { readonly name: string; readonly health: Health }[]): string {
  if (verdicts.length === 0) {
    return 'Nothing is known yet.';
  }
  const worst = ORDER.find((health) => verdicts.some((one) => one.health === health)) ?? 'unknown';
  const names = verdicts.filter(({ health }) => health === worst).map(({ name }) => name);
  const list = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  const verb = names.length === 1 ? 'is' : 'are';
  switch (worst) {
    case 'failing':
      return `${list} ${verb} failing. The reason beside ${names.length === 1 ? 'it' : 'each'} says what to do.`;
    case 'unknown':
      return `The state of ${list} is not known.`;
    case 'behind':
      return `${list} ${verb} behind, and nothing is lost: changes are shipped when the relay runs.`;
    case 'missing':
      return `${list} ${names.length === 1 ? 'does' : 'do'} not exist yet. Load a file to make ${names.length === 1 ? 'it' : 'them'}.`;
    default:
      return 'All is well.';
  }
}
