/** Parses XML as a stream of events, while it is decompressed. */
import { SaxesParser } from 'saxes';

/** Number of bytes that are parsed at once. Of few objects that are created together, few survive a garbage collection. */
const PIECE_BYTES = 8 * 1024;

export interface XmlEvents {
  /** @param name the local name */
  opened(name: string, attributes: Readonly<Record<string, string>>): void;
  closed?(name: string): void;
  /** A piece of text; an element may have several. */
  text?(text: string): void;
}

/** Reports the events of each piece, and yields after it. Throws Error, with the line, for invalid XML. */
export async function* readXml(chunks: AsyncIterable<Buffer>, events: XmlEvents): AsyncGenerator<void> {
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => events.opened(localName(name), attributes));
  if (events.closed !== undefined) {
    const closed = events.closed.bind(events);
    parser.on('closetag', ({ name }) => closed(localName(name)));
  }
  if (events.text !== undefined) {
    const text = events.text.bind(events);
    parser.on('text', text);
    parser.on('cdata', text);
  }
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      parser.write(decoder.decode(chunk.subarray(at, at + PIECE_BYTES), { stream: true }));
      yield;
    }
  }
  parser.write(decoder?.decode() ?? '').close();
  yield;
}

/** Reads a short document completely. */
export async function readWholeXml(chunks: AsyncIterable<Buffer>, events: XmlEvents): Promise<void> {
  for await (const _ of readXml(chunks, events)) {
    // the events contain everything
  }
}

function encodingOf(start: Buffer): string {
  return start[0] === 0xff && start[1] === 0xfe
    ? 'utf-16le'
    : start[0] === 0xfe && start[1] === 0xff
      ? 'utf-16be'
      : 'utf-8';
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** An attribute by its local name. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  return attributes[name] ?? Object.entries(attributes).find(([key]) => localName(key) === name)?.[1];
}
