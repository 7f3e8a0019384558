/** How far a run over many seeds is, in a file, so that a run which was stopped can be continued. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Summary, type SummaryData } from './summary.ts';

/** Which seeds a run is over: one over others is not continued. */
export interface Seeds {
  readonly first: number;
  readonly count: number;
}

export interface Progress {
  readonly seeds: Seeds;
  /** The results of the first seeds. */
  readonly summary: Summary;
  /** Seconds of CPU time that they took. */
  readonly cpuSeconds: number;
}

interface Stored extends Omit<Progress, 'summary'> {
  readonly summary: SummaryData;
}

/** Replaces the file as a whole: a run may be stopped at any time. */
export function writeProgress(folder: string, { summary, ...progress }: Progress): void {
  const file = fileIn(folder);
  const stored: Stored = { ...progress, summary: summary.data };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(stored)}\n`);
  renameSync(`${file}.part`, file);
}

/**
 * @returns nothing where no run was begun
 * @throws Error where the run was over other seeds
 */
export function readProgress(folder: string, seeds: Seeds): Progress | undefined {
  const file = fileIn(folder);
  if (!existsSync(file)) {
    return undefined;
  }
  const { summary, ...progress } = JSON.parse(readFileSync(file, 'utf8')) as Stored;
  const { first, count } = progress.seeds;
  if (first !== seeds.first || count !== seeds.count) {
    throw new Error(
      `${file} is of a run over ${count} seeds from ${first} on. Continue that one, or name another --report`,
    );
  }
  return { ...progress, summary: Summary.of(summary) };
}

function fileIn(folder: string): string {
  return join(folder, 'progress.json');
}
