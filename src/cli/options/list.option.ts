/** An option that may be given several times, each time with one more value. Any other option is rejected the second time. */
import { Option } from 'commander';

/** An option that may be given several times, each time with one more value. */
export class ListOption extends Option {
  /** @param add parses a text and appends the value to those before it */
  constructor(flags: string, description: string, add: (text: string, before?: never) => unknown = addText) {
    super(flags, description);
    this.argParser((text: string, before: unknown) => add(text, before as never));
  }
}

function addText(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
