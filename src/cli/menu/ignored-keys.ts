/** Discards input while a command runs, so that it is neither echoed nor taken as the answer to the next question. */
import process from 'node:process';

/** The signals that the terminal sends for these keys (Ctrl-C, Ctrl-\ and Ctrl-Z) unless it is in raw mode. */
const SIGNALS: ReadonlyMap<string, NodeJS.Signals> = new Map([
  ['\x03', 'SIGINT'],
  ['\x1c', 'SIGQUIT'],
  ['\x1a', 'SIGTSTP'],
]);

/** The process group, which the terminal signals as well. */
const OWN_GROUP = 0;

/** Discards input from now on, except signals. @returns a function that ends this */
export function ignoreKeys(): () => void {
  const { stdin } = process;
  const throwAway = (data: Buffer | string) => {
    for (const signal of [...String(data)].flatMap((key) => SIGNALS.get(key) ?? [])) {
      // a stopped process leaves the terminal in the shell's mode
      stdin.setRawMode(false);
      process.kill(OWN_GROUP, signal);
      stdin.setRawMode(true);
    }
  };
  stdin.setRawMode(true);
  stdin.on('data', throwAway);
  stdin.resume();
  return () => {
    stdin.off('data', throwAway);
    stdin.pause();
    stdin.setRawMode(false);
  };
}
