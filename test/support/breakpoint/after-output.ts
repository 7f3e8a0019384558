/** Stops a command right after it has first written to standard output. */
import process from 'node:process';
import { stop } from './stop.ts';

const write = process.stdout.write.bind(process.stdout) as (...given: unknown[]) => boolean;

process.stdout.write = ((...given: unknown[]) => {
  const isWritable = write(...given);
  stop();
  return isWritable;
}) as typeof process.stdout.write;
