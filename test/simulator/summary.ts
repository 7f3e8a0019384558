/** What a run over many seeds has shown, added up. */
import type { Result } from './simulate.ts';

interface Figures {
  statements: number;
  commits: number;
  answers: number;
  virtualSeconds: number;
}

/** As JSON. */
export interface SummaryData {
  readonly verdicts: Readonly<Record<'passed' | 'failed' | 'unknown', number>>;
  readonly effects: readonly (readonly [string, number])[];
  readonly states: readonly (readonly [string, number])[];
  readonly violations: readonly (readonly [string, readonly number[]])[];
  readonly figures: Readonly<Figures>;
}

export class Summary {
  readonly verdicts = { passed: 0, failed: 0, unknown: 0 };
  /** Fault -> how often it took effect, over all simulations. */
  readonly effects = new Map<string, number>();
  /** Fault × state -> how often. */
  readonly states = new Map<string, number>();
  /** Oracle -> seeds in which it was violated. */
  readonly violations = new Map<string, readonly number[]>();
  readonly figures: Figures = { statements: 0, commits: 0, answers: 0, virtualSeconds: 0 };

  /** What an earlier process has found. */
  static of({ verdicts, effects, states, violations, figures }: SummaryData): Summary {
    const summary = new Summary();
    Object.assign(summary.verdicts, verdicts);
    Object.assign(summary.figures, figures);
    addAll(summary.effects, effects);
    addAll(summary.states, states);
    for (const [oracle, seeds] of violations) {
      summary.violations.set(oracle, seeds);
    }
    return summary;
  }

  get data(): SummaryData {
    const { verdicts, effects, states, violations, figures } = this;
    return { verdicts, effects: [...effects], states: [...states], violations: [...violations], figures };
  }

  add({ plan, verdict, findings, effects, states, figures }: Result): void {
    this.verdicts[verdict]++;
    addAll(this.effects, effects);
    addAll(this.states, states);
    this.figures.statements += figures.statements;
    this.figures.commits += figures.commits;
    this.figures.answers += figures.answers;
    this.figures.virtualSeconds += figures.virtualSeconds;
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

function addAll(sums: Map<string, number>, counts: Iterable<readonly [string, number]>): void {
  for (const [key, count] of counts) {
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
}
