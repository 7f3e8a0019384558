/** Counts the faults that took effect, and the state in which they met the system. */

export class Effects {
  /** Kind of fault -> how often it took effect. */
  readonly counts = new Map<string, number>();
  /** "fault × state" -> how often. */
  readonly states = new Map<string, number>();

  count(kind: string, state: string): void {
    add(this.counts, kind);
    add(this.states, `${kind} × ${state}`);
  }

  of(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
