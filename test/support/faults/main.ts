/**
 * Makes faults at every statement of a small load and prints the figures as JSON:
 * `npx node dist/test/support/faults/main.js <folder> <errors|snapshots|kills> <filled|empty|sets|kept|reverted> [<step>]`
 * Instead of a step, `distinct` chooses the statements of `errors` that no other one stands for.
 */
import process from 'node:process';
import { stepIn } from './positions.ts';
import { SCENES, type SceneName } from './small-load.ts';
import { errors, type Figures, kills, snapshots } from './trials.ts';

const kinds: Readonly<Record<string, (folder: string, scene: SceneName, step: string) => Promise<Figures>>> = {
  errors: (folder, scene, step) => errors(folder, scene, stepIn(step)),
  snapshots: (folder, scene, step) => snapshots(folder, scene, Number(step)),
  kills: (folder, scene, step) => kills(folder, scene, Number(step)),
};

const [folder = '', kind = '', scene = '', step = '1'] = process.argv.slice(2);
const make = kinds[kind];
if (make === undefined) {
  throw new Error(`There is no kind of fault "${kind}". There are ${Object.keys(kinds).join(', ')}.`);
}
if (!(scene in SCENES)) {
  throw new Error(`There is no load "${scene}". There are ${Object.keys(SCENES).join(', ')}.`);
}
const figures = await make(folder, scene as SceneName, step);
process.stdout.write(`${JSON.stringify(figures)}\n`);
