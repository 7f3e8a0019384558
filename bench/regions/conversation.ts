/** Programs that stay and are asked again and again, so that several can be measured by turns without a restart. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { cleanEnvironment } from '../places.ts';
import { type Program, programFile, type Started } from './program.ts';

export interface Partner<Question, Answer> {
  /** @throws Error with what the program printed, when it has ended instead of answering */
  ask(question: Question): Promise<Answer>;
  /** Lets it end by itself, and waits until it has. */
  end(): Promise<void>;
}

export function startProgram<Question extends object, Answer>(
  name: Program,
  job: object,
  { folder, env = {}, flags = [], checkout }: Started,
): Partner<Question, Answer> {
  const child = fork(programFile(name, checkout), [JSON.stringify(job)], {
    cwd: folder,
    env: { ...cleanEnvironment(), ...env },
    execArgv: [...flags],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2000);
    });
  }
  // 'close' does not come where this side has disconnected
  const ended = (async () => {
    const [[code, signal]] = await Promise.all([once(child, 'exit'), ...streams.map((stream) => finished(stream))]);
    return signal ?? code;
  })();
  return {
    async ask(question) {
      child.send(question);
      const answer = once(child, 'message') as Promise<[Answer]>;
      const end = ended.then((how): [Answer] => {
        throw new Error(`${name} ended with ${how}:\n${output}`);
      });
      const [given] = await Promise.race([answer, end]);
      return given;
    },
    async end() {
      if (child.connected) {
        child.disconnect();
      }
      const how = await ended;
      if (how !== 0) {
        throw new Error(`${name} ended with ${how}:\n${output}`);
      }
    },
  };
}

/** In a program: answers until its input ends, then closes. What it throws ends the process. */
export function answerWith<Question, Answer extends object>(
  answer: (question: Question) => Promise<Answer>,
  close: () => Promise<void> | void,
): void {
  process.on('message', async (question: Question) => {
    process.send?.(await answer(question));
  });
  process.once('disconnect', async () => {
    await close();
  });
}
