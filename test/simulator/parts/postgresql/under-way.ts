/** What is under way at a database server takes real time: virtual time stands still until it is over, or waits for a lock. */
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { Surroundings } from '../../kernel/kernel.ts';

/** After which it is asked whether what has not ended waits for a lock, in real time. */
const LOOK_MILLISECONDS = 3;
/** Virtual milliseconds that pass in a real one while a lock is waited for: the server has limits of its own for that, in real time. */
const SPEED = 10;

/** A login, or a statement. */
export interface Work {
  /** The process of the server that does it. */
  readonly backend: () => number | null;
  /** The process of the simulation that waits for it. */
  readonly role: string;
}

/** @returns those of the server's processes that wait for a lock */
type FindWaiting = (backends: readonly number[]) => Promise<ReadonlySet<number>>;

export class UnderWay implements Surroundings {
  readonly #findWaiting: FindWaiting;
  readonly #waits: (work: Work) => void;
  /** Work -> whether it waits for a lock. */
  readonly #works = new Map<Work, boolean>();
  #changed = Promise.withResolvers<void>();

  /** @param waits called where work begins to wait for a lock */
  constructor(findWaiting: FindWaiting, waits: (work: Work) => void) {
    this.#findWaiting = findWaiting;
    this.#waits = waits;
  }

  begin(work: Work): void {
    this.#works.set(work, false);
  }

  end(work: Work): void {
    if (this.#works.delete(work)) {
      this.#changed.resolve();
      this.#changed = Promise.withResolvers<void>();
    }
  }

  async settle(): Promise<void> {
    if (this.#isAnyWaiting) {
      // what has just run may have released the lock
      await this.#look();
    }
    while ([...this.#works.values()].some((isWaiting) => !isWaiting)) {
      if (!(await this.#changesWithin(LOOK_MILLISECONDS))) {
        await this.#look();
      }
    }
  }

  async pass(milliseconds: number): Promise<number> {
    if (!this.#isAnyWaiting || milliseconds === 0) {
      return milliseconds;
    }
    const startedAt = performance.now();
    const isChanged = await this.#changesWithin(milliseconds / SPEED);
    return isChanged ? Math.min(milliseconds * 0.999, (performance.now() - startedAt) * SPEED) : milliseconds;
  }

  get #isAnyWaiting(): boolean {
    return [...this.#works.values()].includes(true);
  }

  /** Whether something ends in so many real milliseconds; what waited for it has gone on then. */
  async #changesWithin(milliseconds: number): Promise<boolean> {
    const timer = new AbortController();
    const isChanged = await Promise.race([
      this.#changed.promise.then(() => true),
      pause(milliseconds, false, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    await turn();
    return isChanged;
  }

  async #look(): Promise<void> {
    const works = [...this.#works.keys()];
    const waiting = await this.#findWaiting(works.flatMap(({ backend }) => backend() ?? []));
    for (const work of works.filter((one) => this.#works.has(one))) {
      const isWaiting = waiting.has(work.backend() ?? 0);
      if (isWaiting && this.#works.get(work) === false) {
        this.#waits(work);
      }
      this.#works.set(work, isWaiting);
    }
  }
}
