/** The oracles that look at every commit. */
import type { Views } from '../parts/views.ts';
import { acknowledgedOracle } from './acknowledged.ts';
import { conflictsOracle } from './conflicts.ts';
import { factsOracle } from './facts.ts';
import { fencingTokensOracle } from './fencing-tokens.ts';
import { type Commit, type CommitOracle, concerns } from './oracle.ts';
import { type IsCancellationRequested, orderStatusOracle } from './order-status.ts';
import { outboxOracle } from './outbox.ts';
import { stockOracle } from './stock.ts';
import { withheldOracle } from './withheld.ts';

export interface Finding {
  readonly oracle: string;
  /** Virtual milliseconds. */
  readonly at: number;
  readonly text: string;
}

export class CommitOracles {
  readonly #oracles: readonly CommitOracle[];
  #commits = 0;

  /** @param areLoads whether anything is loaded into regions */
  constructor(isCancellationRequested: IsCancellationRequested, areLoads: boolean) {
    this.#oracles = [
      stockOracle(),
      orderStatusOracle(isCancellationRequested),
      outboxOracle(),
      acknowledgedOracle(),
      factsOracle(),
      fencingTokensOracle(),
      conflictsOracle(),
      ...(areLoads ? [withheldOracle()] : []),
    ];
  }

  /** Commits that were looked at. */
  get commits(): number {
    return this.#commits;
  }

  check(views: Views, commit: Commit, at: number): Finding[] {
    this.#commits++;
    return this.#oracles.flatMap((oracle) => {
      const text = concerns(commit, oracle) ? oracle.check(views, commit) : undefined;
      return text === undefined ? [] : [{ oracle: oracle.name, at, text }];
    });
  }

  restored(database: string): void {
    for (const oracle of this.#oracles) {
      oracle.restored?.(database);
    }
  }
}
