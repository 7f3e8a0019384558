/** Finds the sequence numbers of the first and the last event in a stream. */
import type { JetStreamManager } from '@nats-io/jetstream';
import type { StoredRange } from '../transport.ts';
import { seqOfHeaders } from './message.ts';
import { epochSubject } from './names.ts';
import { findStream } from './streams.ts';

/** @returns `empty` if the stream has no event; `undefined` if there is no stream */
export async function storedIn(
  manager: JetStreamManager,
  region: string,
  epoch: number,
): Promise<StoredRange | 'empty' | undefined> {
  const info = await findStream(manager, region, epoch);
  if (info === undefined) {
    return undefined;
  }
  const { messages, last_seq } = info.state;
  if (messages === 0) {
    return 'empty';
  }
  const stream = info.config.name;
  const seqOf = async (query: { readonly seq: number; readonly next_by_subj?: string }) =>
    seqOfHeaders((await manager.streams.getMessage(stream, query))?.header);
  const lastSeq = await seqOf({ seq: last_seq });
  const firstSeq = await seqOf({ seq: 1, next_by_subj: epochSubject(region, epoch) });
  return firstSeq === undefined ? 'empty' : { firstSeq, lastSeq };
}
