/** A JSON number that a JavaScript number cannot represent, such as 9007199254740993, or would spell differently. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** Makes `JSON.stringify` write the number in its original spelling. */
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.text);
  }
}

/** Whether a value contains one at any depth. */
export function holdsWrittenNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return value instanceof WrittenNumber || Object.values(value).some(holdsWrittenNumber);
}
