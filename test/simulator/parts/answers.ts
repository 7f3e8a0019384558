/** What clients of regions have been answered: every answer has to stay true, unless an operator restores an older backup. */

/** An answer, without whether the request had been made before. */
export type Answer = Readonly<Record<string, unknown>>;

export class Answers {
  readonly #answers = new Map<string, Map<string, Answer>>();
  /** "region key" of orders whose cancellation was asked for. */
  readonly #cancellations = new Set<string>();

  /** @returns why the answer contradicts an earlier one */
  record(region: string, key: string, answer: object): string | undefined {
    const { isRepeated: _, ...kept } = answer as Answer;
    const known = this.of(region);
    const earlier = known.get(key);
    known.set(key, earlier ?? kept);
    return earlier === undefined || JSON.stringify(earlier) === JSON.stringify(kept)
      ? undefined
      : `${region} answered ${key} with ${JSON.stringify(kept)}, and before with ${JSON.stringify(earlier)}`;
  }

  of(region: string): Map<string, Answer> {
    let answers = this.#answers.get(region);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(region, answers);
    }
    return answers;
  }

  /** Of a region, as a backup that is made now contains them. */
  copy(region: string): ReadonlyMap<string, Answer> {
    return new Map(this.of(region));
  }

  /** The region has been put back to when it had given these answers. */
  restore(region: string, answers: ReadonlyMap<string, Answer>): void {
    this.#answers.set(region, new Map(answers));
  }

  requestCancellation(region: string, key: string): void {
    this.#cancellations.add(`${region} ${key}`);
  }

  isCancellationRequested(region: string, key: string): boolean {
    return this.#cancellations.has(`${region} ${key}`);
  }

  get total(): number {
    return [...this.#answers.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
