/** The regions of a server: each is opened on first use, and stays open. */
import { MeridianError } from '../../index.ts';
import { Problem } from '../../module.ts';
import { monotonic } from '../../types.ts';
import { knownRegion } from '../regions/databases.ts';
import { openRegion, type Region } from '../trading/region.ts';

/** How long the existence of a region is cached, since checking it reads folders. */
const KNOWN_MILLISECONDS = 1000;

export class OpenRegions {
  readonly #knownUntil = new Map<string, number>();
  readonly #opened = new Map<string, Promise<Region>>();

  /** @throws Problem 404 for an unknown region */
  open(name: string): Promise<Region> {
    const known = this.#existing(name);
    let opened = this.#opened.get(known);
    if (opened === undefined) {
      opened = openRegion(known);
      this.#opened.set(known, opened);
      // the next request retries
      opened.catch(() => this.#opened.delete(known));
    }
    return opened;
  }

  #existing(name: string): string {
    if ((this.#knownUntil.get(name) ?? 0) > monotonic()) {
      return name;
    }
    const known = existing(name);
    this.#knownUntil.set(known, monotonic() + KNOWN_MILLISECONDS);
    return known;
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }
}

/** @throws Problem 404 for an unknown region */
export function existing(name: string): string {
  try {
    return knownRegion(name);
  } catch (error) {
    throw asMissing(error);
  }
}

/** Converts a usage error of the command line to a problem for an unknown path. */
export function asMissing(error: unknown): unknown {
  return error instanceof MeridianError && error.code === 'usage'
    ? new Problem(404, 'unknown', error.message, { cause: error })
    : error;
}

/** Converts a usage error of the command line to a problem for an invalid body. */
export function asInvalid(error: unknown): unknown {
  return error instanceof MeridianError && error.code === 'usage'
    ? new Problem(422, 'invalid', error.message, { cause: error })
    : error;
}

/** @throws errors converted by {@link asInvalid} */
export async function valid<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asInvalid(error);
  }
}
