/** What clients of regions have been answered: every answer has to stay true, unless an operator restores an older backup. */
import type { Cancellation } from '../../../src/shop/trading/cancel-order.ts';

/** An answer, without whether the request had been made before. */
type Answer = Readonly<Record<string, unknown>>;

/** Of the orders of one key. */
type Cancellations = readonly Cancellation[];

/** Everything that the clients of a region have been answered, as a backup contains it. */
export interface RegionAnswers {
  /** By key. */
  readonly outcomes: ReadonlyMap<string, Answer>;
  /** By the key of the orders; a client may ask again. */
  readonly cancellations: ReadonlyMap<string, readonly Cancellations[]>;
}

const NOTHING: RegionAnswers = { outcomes: new Map(), cancellations: new Map() };

export class Answers {
  readonly #answers = new Map<string, RegionAnswers>();
  /** Region -> how often it has been put back to an earlier state. */
  readonly #restores = new Map<string, number>();
  /** "region key" of orders whose cancellation was asked for. */
  readonly #requested = new Set<string>();

  /**
   * A client of the region begins a request. @returns whether the region has been the same since, with no backup put in its place, which may not
   * contain what an answer says that is still under way
   */
  begin(region: string): () => boolean {
    const restores = this.#restores.get(region);
    return () => this.#restores.get(region) === restores;
  }

  /** @returns why the answer contradicts an earlier one */
  record(region: string, key: string, answer: object): string | undefined {
    const { isRepeated: _, ...kept } = answer as Answer;
    const { outcomes, cancellations } = this.of(region);
    const earlier = outcomes.get(key);
    this.#answers.set(region, { outcomes: new Map(outcomes).set(key, earlier ?? kept), cancellations });
    return earlier === undefined || JSON.stringify(earlier) === JSON.stringify(kept)
      ? undefined
      : `${region} answered ${key} with ${JSON.stringify(kept)}, and before with ${JSON.stringify(earlier)}`;
  }

  /** @returns why the answer contradicts an earlier one: an order is cancelled once */
  recordCancellation(region: string, key: string, answer: Cancellations): string | undefined {
    const { outcomes, cancellations } = this.of(region);
    const earlier = cancellations.get(key) ?? [];
    this.#answers.set(region, { outcomes, cancellations: new Map(cancellations).set(key, [...earlier, answer]) });
    const again = answer.find(
      ({ orderId, isCancelledNow }) =>
        isCancelledNow && earlier.flat().some((one) => one.orderId === orderId && one.isCancelledNow),
    );
    return again && `${region} answered twice that order ${again.orderId} (${key}) has been cancelled now`;
  }

  of(region: string): RegionAnswers {
    return this.#answers.get(region) ?? NOTHING;
  }

  /** The region has been put back to when it had given these answers. */
  restore(region: string, answers: RegionAnswers): void {
    this.#restores.set(region, (this.#restores.get(region) ?? 0) + 1);
    this.#answers.set(region, answers);
  }

  requestCancellation(region: string, key: string): void {
    this.#requested.add(`${region} ${key}`);
  }

  isCancellationRequested(region: string, key: string): boolean {
    return this.#requested.has(`${region} ${key}`);
  }

  get total(): number {
    return [...this.#answers.values()].reduce(
      (sum, { outcomes, cancellations }) => sum + outcomes.size + [...cancellations.values()].flat().length,
      0,
    );
  }
}
