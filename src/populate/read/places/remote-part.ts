/** What a server gives of a file. */

/** A part of a file, from a byte on. */
export interface RemotePart {
  /** The first byte that it brings. */
  readonly from: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The bytes of the whole file, where the server says it. */
  readonly size: number | undefined;
  /** Identifies this state of the file; `undefined` where the server says none, so that it is not resumed. */
  readonly version: string | undefined;
}

/** What another attempt would not change. */
export class RemoteFault extends Error {}

/** @param version only a part of the same state of the file, or all of it, is of use */
export type OpenRemote = (from: number, version: string | undefined) => Promise<RemotePart>;
