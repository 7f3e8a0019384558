/** Colours for a terminal. `NO_COLOR` switches them off (https://no-color.org), and a pipe or a file gets none. */
import process from 'node:process';
import { styleText } from 'node:util';
import type { Tone } from '../../config/command-output.ts';

const COLOURS = { success: 'green', warning: 'yellow', error: 'red' } as const;

/** Labels at the beginning of messages; only the label is coloured. */
const LABEL = /^(?:error|warning):/i;

/** @param text without control characters */
export function coloured(stream: NodeJS.WritableStream, text: string, tone: Tone | undefined): string {
  if (tone === undefined || text === '' || !showsColours(stream)) {
    return text;
  }
  const [label = text] = LABEL.exec(text) ?? [];
  return styleText(COLOURS[tone], label, { validateStream: false }) + text.slice(label.length);
}

function showsColours(stream: NodeJS.WritableStream): boolean {
  const { NO_COLOR = '', TERM } = process.env;
  return 'isTTY' in stream && stream.isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
}
