/** The interface of displays for the progress of several loads. */
import type { Progress } from '../../populate/read/source.ts';

export interface ProgressDisplay {
  /** Called when a run is continued that has already read this many records. */
  continuedAfter(database: string, read: number): void;
  started(database: string, progress: Progress): void;
  progressed(database: string, progress: Progress, read: number): void;
  loaded(database: string): void;
  /** Prints a message between redraws of the bars, even with --quiet. */
  complain(sentence: string): void;
  stop(): void;
}
