/**
 * Ends a worker process as soon as Jest says that it has nothing more to do. By itself it would first give back all of its memory,
 * which takes a busy machine long. What tests have left open is named, and keeps the process from ending so.
 */
import process from 'node:process';

/** The first element of the message of `jest-worker` that a process is to end. */
const END = 2;

const openAtFirst = process.getActiveResourcesInfo();

function endWorker(message: unknown): void {
  if (!Array.isArray(message) || message[0] !== END) {
    return;
  }
  // without a listener, the channel to Jest keeps the process no longer
  process.off('message', endWorker);
  const left = leftOpen();
  if (left.length === 0) {
    process.exit();
  }
  process.stderr.write(`Tests have left open: ${left.join(', ')}.\n`);
}

process.on('message', endWorker);

/** Kinds of what keeps the process running and did not do so at first. */
function leftOpen(): string[] {
  const left = process.getActiveResourcesInfo();
  for (const kind of openAtFirst) {
    const at = left.indexOf(kind);
    if (at !== -1) {
      left.splice(at, 1);
    }
  }
  return left;
}
