/** One file, uploaded to a server and loaded by `populate`, by turns, each into an empty database. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFiles } from '../files.ts';
import { meridian, runs } from '../places.ts';
import { run } from '../process.ts';
import { shuffled } from '../random.ts';
import { toUploads, type Uploads } from './findings.ts';
import { startMeridian } from './server.ts';

/** How often the server is asked whether the run has ended. */
const LOOK_MILLISECONDS = 50;

export interface UploadCourse {
  readonly records: number;
  readonly rounds: number;
  readonly seed: number;
}

interface RunView {
  readonly isRunning: boolean;
  readonly error?: string;
  readonly report?: { readonly succeeded?: boolean };
}

/** @param report is given seconds */
export async function measureUploads(
  { records, rounds, seed }: UploadCourse,
  report: (round: number, who: string, seconds: number) => void,
): Promise<Uploads> {
  const { csv } = await makeFiles(records, seed);
  const file = csv['users'] as string;
  const taken = { upload: [] as number[], populate: [] as number[] };
  const sides = [
    { who: 'upload', load: upload, seconds: taken.upload },
    { who: 'populate', load: populate, seconds: taken.populate },
  ];
  // a round that is not counted comes first
  for (let round = 0; round <= rounds; round++) {
    for (const { who, load, seconds } of shuffled(sides, seed + round)) {
      const time = await inEmptyFolder((folder) => load(file, folder));
      report(round, who, time);
      if (round > 0) {
        seconds.push(time);
      }
    }
  }
  return toUploads(records, taken.upload, taken.populate);
}

async function inEmptyFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(runs, 'upload-'));
  // what is still to be written of the run before is no part of this one
  spawnSync('sync');
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function populate(file: string, folder: string): Promise<number> {
  const args = [meridian, 'populate', '--users', file, '--quiet'];
  return (await run({ command: process.execPath, args }, folder)).seconds;
}

/** @throws Error when the run does not succeed */
async function upload(file: string, folder: string): Promise<number> {
  const server = await startMeridian(folder);
  try {
    const body = await openAsBlob(file);
    const start = performance.now();
    const answer = await fetch(`${server.url}/api/loads?table=users&name=users.csv`, {
      method: 'PUT',
      headers: { 'content-type': 'text/csv' },
      body,
    });
    const { run: id } = (await answer.json()) as { readonly run?: string };
    let view: RunView;
    do {
      await pause(LOOK_MILLISECONDS);
      view = (await (await fetch(`${server.url}/api/loads/${id}`)).json()) as RunView;
    } while (view.isRunning);
    const seconds = (performance.now() - start) / 1000;
    if (view.report?.succeeded !== true) {
      throw new Error(`The upload did not succeed: ${JSON.stringify(view)}`);
    }
    return seconds;
  } finally {
    await server.stop();
  }
}
