/** The response of a server with a part of a file. */

/** A part of a file, from some byte on. */
export interface RemotePart {
  /** The offset of its first byte. */
  readonly from: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The size of the whole file, if the server reports it. */
  readonly size: number | undefined;
  /** Identifies this version of the file; `undefined` if the server does not, so that the download cannot be resumed. */
  readonly version: string | undefined;
}

/** An error for which a retry is useless. */
export class RemoteFault extends Error {}

/** @param version the response has to be a part of this version of the file, or a whole file */
export type OpenRemote = (from: number, version: string | undefined) => Promise<RemotePart>;
