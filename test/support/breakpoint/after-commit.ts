/** Stops a command right after a load has committed its first transaction: in threads, each load after its own. */
import { LoadProgress } from '../../../src/populate/resume/load-progress.ts';
import { stop } from './stop.ts';

/** A load of fewer records has ended with its first transaction. */
const MIN_RECORDS = 500;

const { advance } = LoadProgress.prototype;

LoadProgress.prototype.advance = function (this: LoadProgress, ledger) {
  advance.call(this, ledger);
  if (ledger.counts.read >= MIN_RECORDS) {
    stop();
  }
};
