/** A chapter of the demo: what happens, what it shows, and how it is checked. */
import { MeridianError } from '../../shared/errors.ts';
import type { World } from './world.ts';

export interface Chapter {
  readonly title: string;
  /** The property of distributed data that it shows. */
  readonly shows: string;
  readonly play: (world: World) => Promise<ChapterResult>;
}

export interface ChapterResult {
  /** What happened, with figures. */
  readonly sentences: readonly string[];
  /** Commands that do the same, after those of the chapters before. */
  readonly commands: readonly string[];
  /** The commands that exit 1, because something did not arrive. */
  readonly incomplete?: readonly string[];
  /** Further commands, which are rejected (exit code 1 or 2). */
  readonly refused?: readonly string[];
  /** The same figures, for programs. */
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * Checks a statement of a chapter.
 *
 * @param claim a sentence without a full stop
 * @throws MeridianError `demo` when it is false
 */
export function claim(isSo: boolean, claim: string): void {
  if (!isSo) {
    throw new MeridianError(
      'demo',
      `The demo found that this statement is false, which is a bug of Meridian: ${claim}.`,
    );
  }
}
