/** What has happened in a simulation: every line goes into a digest, and those that people want to see are kept. */
import { createHash } from 'node:crypto';

/** What a report shows of a simulation. */
export interface TraceEntry {
  /** Virtual milliseconds. */
  readonly at: number;
  /** The process, or whatever else has a lane. */
  readonly lane: string;
  readonly kind: string;
  readonly text: string;
  /** What a report needs to draw it. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export class Trace {
  readonly entries: TraceEntry[] = [];
  readonly #hash = createHash('sha256');
  readonly #lines: string[] | undefined;

  /** @param keepsLines for those who want to read every statement */
  constructor(keepsLines = false) {
    this.#lines = keepsLines ? [] : undefined;
  }

  /** A line that only the digest needs. */
  note(at: number, lane: string, text: string): void {
    const line = `${at.toFixed(3)} ${lane} ${text}\n`;
    this.#hash.update(line);
    this.#lines?.push(line);
  }

  /** An entry for people. */
  show(entry: TraceEntry): void {
    this.note(entry.at, entry.lane, `${entry.kind}: ${entry.text}`);
    this.entries.push(entry);
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  /** Of everything so far. */
  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 24);
  }
}
