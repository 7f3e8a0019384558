/** A number of JSON that JavaScript does not have, such as 9007199254740993. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** The same number: `JSON.stringify` writes it as it was read. */
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.text);
  }
}

/** Whether there is one anywhere in a value. */
export function holdsWrittenNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return value instanceof WrittenNumber || Object.values(value).some(holdsWrittenNumber);
}
