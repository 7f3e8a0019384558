/** Stops a command right after a load has committed its first transaction: in threads, each load after its own. */
import { LoadProgress } from '../../../src/populate/resume/load-progress.ts';
import { stop } from './stop.ts';

/** A load of fewer records has ended with its first transaction. */
const MIN_RECORDS = 500;

const { advance } = LoadProgress.prototype;

LoadProgress.prototype.advance = function (this: LoadProgress) {
  const { read } = this.ledger.counts;
  advance.call(this);
  if (this.ledger.counts.read - read >= MIN_RECORDS) {
    stop();
  }
};
