/** What is typed while a command runs: it is for nobody, so it is not shown among what the command says, nor taken by the next list. */
import process from 'node:process';

/** What the terminal itself makes of these keys (Ctrl-C, Ctrl-\ and Ctrl-Z) until it hands over all that is typed. */
const SIGNALS: ReadonlyMap<string, NodeJS.Signals> = new Map([
  ['\x03', 'SIGINT'],
  ['\x1c', 'SIGQUIT'],
  ['\x1a', 'SIGTSTP'],
]);

/** As the terminal does it: to all processes that were started together. */
const OWN_GROUP = 0;

/** Throws away what is typed from now on, signals excepted. @returns what ends that */
export function ignoreKeys(): () => void {
  const { stdin } = process;
  const throwAway = (data: Buffer | string) => {
    for (const signal of [...String(data)].flatMap((key) => SIGNALS.get(key) ?? [])) {
      // whoever stops here finds the shell's terminal as it was
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
