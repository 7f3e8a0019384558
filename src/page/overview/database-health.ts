/** The health of databases in the overview, with advice. */
import type { DatabaseState } from '../frame/description.ts';
import type { Health } from '../frame/health.ts';

export interface Verdict {
  readonly health: Health;
  /** A sentence with advice; empty if nothing is to be done. */
  readonly advice: string;
}

export interface NamedVerdict extends Verdict {
  readonly name: string;
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

/** Sorts verdicts, the worst first. */
function byHealth(verdicts: readonly NamedVerdict[]): readonly NamedVerdict[] {
  return verdicts.toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health));
}

/** The summary of the overview: the worst verdict, with advice. */
export function summaryOf(verdicts: readonly NamedVerdict[]): string {
  const [worst, ...others] = byHealth(verdicts);
  if (worst === undefined) {
    return 'Nothing is known yet.';
  }
  const { name, health, advice } = worst;
  if (health === 'well') {
    return 'All is well.';
  }
  const same = others.filter((one) => one.health === health);
  if (health === 'missing') {
    const names = [name, ...same.map((one) => one.name)];
    return `${listOf(names)} ${names.length === 1 ? 'does' : 'do'} not exist yet. Load a file to begin.`;
  }
  const state = health === 'unknown' ? `It is not known how ${name} is` : `${name} is ${health}`;
  const rest =
    same.length === 0 ? '' : ` So ${same.length === 1 ? 'is' : 'are'} ${listOf(same.map((one) => one.name))}.`;
  return `${state}. ${advice}${health === 'unknown' ? '' : rest}`.trim();
}

const LISTED = 3;

function listOf(names: readonly string[]): string {
  return names.length > LISTED
    ? `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`
    : names.join(', ').replace(/, ([^,]*)$/, ' and $1');
}
