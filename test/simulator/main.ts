/** `npm run simulate` */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { makeTemplates } from './parts/files.ts';
import { simulate } from './simulate.ts';
import { drawPlan } from './swarm.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, seeds: { type: 'string' }, lines: { type: 'boolean' } } });
const base = mkdtempSync('/dev/shm/meridian-simulator-');
process.on('exit', () => rmSync(base, { recursive: true, force: true }));
mkdirSync(base, { recursive: true });
const templates = join(base, 'templates');
await makeTemplates(templates, ['boston', 'denver', 'seattle']);
const first = Number(values.seed ?? 1);
const count = Number(values.seeds ?? 1);
const cpu = process.cpuUsage();
for (let seed = first; seed < first + count; seed++) {
  const result = await simulate(drawPlan(seed), { templates, folder: join(base, 'world'), keepsLines: values.lines ?? false });
  console.log(seed, result.verdict, result.digest, JSON.stringify(result.figures), JSON.stringify(Object.fromEntries(result.effects)));
  for (const { oracle, at, text } of result.findings) {
    console.log(`   ${(at / 1000).toFixed(1)} s ${oracle}: ${text}`);
  }
  if (values.lines) {
    console.log(result.lines.join(''));
  }
}
const { user, system } = process.cpuUsage(cpu);
console.log(`${((count / ((user + system) / 1e6)) * 60).toFixed(0)} seeds a minute of CPU time`);
