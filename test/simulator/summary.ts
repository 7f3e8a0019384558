/** What a run over many seeds has shown, added up. */
import type { Result } from './simulate.ts';

export class Summary {
  readonly verdicts = { passed: 0, failed: 0, unknown: 0 };
  /** Fault -> how often it took effect, over all simulations. */
  readonly effects = new Map<string, number>();
  /** Fault × state -> how often. */
  readonly states = new Map<string, number>();
  /** Oracle -> seeds in which it was violated. */
  readonly violations = new Map<string, number[]>();
  statements = 0;
  commits = 0;
  answers = 0;
  virtualSeconds = 0;

  add({ plan, verdict, findings, effects, states, figures }: Result): void {
    this.verdicts[verdict]++;
    addAll(this.effects, effects);
    addAll(this.states, states);
    this.statements += figures.statements;
    this.commits += figures.commits;
    this.answers += figures.answers;
    this.virtualSeconds += figures.virtualSeconds;
    const [first] = findings;
    if (first !== undefined) {
      this.violations.set(first.oracle, [...(this.violations.get(first.oracle) ?? []), plan.seed]);
    }
  }

  get seeds(): number {
    const { passed, failed, unknown } = this.verdicts;
    return passed + failed + unknown;
  }
}

function addAll(sums: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) {
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
}
