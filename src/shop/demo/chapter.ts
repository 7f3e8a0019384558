/** A part of the demo: what happens in it, what it shows, and how it makes sure that it is so. */
import { MeridianError } from '../../shared/errors.ts';
import type { World } from './world.ts';

export interface Chapter {
  readonly title: string;
  /** What of distributed data it shows. */
  readonly shows: string;
  readonly play: (world: World) => Promise<ChapterResult>;
}

export interface ChapterResult {
  /** What has happened, with its figures. */
  readonly sentences: readonly string[];
  /** What one would type to do the same, where the chapters before have been typed, and nothing else. */
  readonly commands: readonly string[];
  /** Those of them that exit 1, for not all gets where it is to get. */
  readonly incomplete?: readonly string[];
  /** What one would type after them to be refused (exit code 1 or 2), where it shows that. */
  readonly refused?: readonly string[];
  /** The same figures, for programs. */
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * What a chapter says is so is looked up, not taken for granted.
 *
 * @param claim a sentence without a full stop
 * @throws MeridianError `demo` when it is not so
 */
export function claim(isSo: boolean, claim: string): void {
  if (!isSo) {
    throw new MeridianError('demo', `The demo found that this is not so, which is a bug of Meridian: ${claim}.`);
  }
}
