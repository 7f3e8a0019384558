/** Run as a process of its own: makes the small load in a folder and kills itself before or after one of its statements. */
import process from 'node:process';
import { loadSmall, type SceneName } from './small-load.ts';
import { watchStatements } from './statements.ts';

const [folder = '', scene, fatal, when] = process.argv.slice(2);
const kill = (number: number) => {
  if (number === Number(fatal)) {
    process.kill(process.pid, 'SIGKILL');
  }
};

await watchStatements(when === 'before' ? { before: kill } : { after: kill }, async () => {
  await loadSmall(folder, scene as SceneName);
});
