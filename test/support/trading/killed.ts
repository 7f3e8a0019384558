/** Run as a process of its own: runs the story in the databases of its environment and kills itself at a statement. */
import process from 'node:process';
import '../faults/server-statements.ts';
import { watchStatements } from '../faults/statements.ts';
import { runStory } from './story.ts';

const [fatal, when] = process.argv.slice(2);
const kill = (number: number) => {
  if (number === Number(fatal)) {
    process.kill(process.pid, 'SIGKILL');
  }
};

await watchStatements(when === 'before' ? { before: kill } : { after: kill }, runStory);
