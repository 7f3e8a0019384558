/** The demo: a story of regions and central, in chapters. */
import { monotonic } from '../../types.ts';
import type { Chapter, ChapterResult } from './chapter.ts';
import { agreement } from './chapters/agreement.ts';
import { crash } from './chapters/crash.ts';
import { documents } from './chapters/documents.ts';
import { duplicates } from './chapters/duplicates.ts';
import { key } from './chapters/key.ts';
import { orders } from './chapters/orders.ts';
import { outage } from './chapters/outage.ts';
import { populate } from './chapters/populate.ts';
import { stock } from './chapters/stock.ts';
import { sync } from './chapters/sync.ts';
import { World, type WorldOptions } from './world.ts';

/** The chapters in order; each continues where the previous one ended. @internal exported for tests */
export const CHAPTERS: readonly Chapter[] = [
  populate,
  stock,
  orders,
  key,
  sync,
  outage,
  duplicates,
  crash,
  documents,
  agreement,
];

export interface PlayedChapter extends Omit<Chapter, 'play'>, ChapterResult {
  /** From 1. */
  readonly number: number;
  readonly seconds: number;
}

export interface StoryOptions extends WorldOptions {
  /** When aborted, the story ends after the current chapter. */
  readonly signal?: AbortSignal;
  readonly chapters?: readonly Chapter[];
  /** Called before a chapter is played. */
  readonly started?: (number: number, chapter: Chapter) => void;
  readonly played?: (chapter: PlayedChapter) => void;
}

/**
 * Plays all chapters, in databases that it creates.
 *
 * @throws MeridianError `demo` when a statement is false; another error when a chapter cannot be played
 */
export async function playStory(options: StoryOptions): Promise<PlayedChapter[]> {
  const { signal, chapters = CHAPTERS, started, played } = options;
  const all: PlayedChapter[] = [];
  const world = await World.open(options);
  try {
    for (const [index, chapter] of chapters.entries()) {
      if (signal?.aborted) {
        break;
      }
      const startedAt = monotonic();
      started?.(index + 1, chapter);
      const { play, ...about } = chapter;
      const result = await play(world);
      const one = { number: index + 1, ...about, ...result, seconds: (monotonic() - startedAt) / 1000 };
      all.push(one);
      played?.(one);
    }
    return all;
  } finally {
    await world.close();
  }
}
