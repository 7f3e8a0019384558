/** Options that may be repeated, each time with one more value. A repetition of any other option is rejected. */
import { Option } from 'commander';

/** An option that may be repeated, each time with one more value. */
export class ListOption extends Option {
  /** @param add parses a text and appends the value to the previous ones */
  constructor(flags: string, description: string, add: (text: string, before?: never) => unknown = addText) {
    super(flags, description);
    this.argParser((text: string, before: unknown) => add(text, before as never));
  }
}

function addText(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
