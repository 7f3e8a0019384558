/** Run as a process of its own, which kills itself: `node dist/test/support/killed-populate.js <file: a dying load as JSON>` */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { dyingLoad } from './dying-load.ts';

const [file = ''] = process.argv.slice(2);

await dyingLoad(JSON.parse(readFileSync(file, 'utf8')), () => process.kill(process.pid, 'SIGKILL'));
