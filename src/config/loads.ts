/** The files that are loaded when none is given: those that the config names, else its samples. */
import { displayPath } from '../database/location.ts';
import { expandPath } from '../populate/read/places/expand.ts';
import { isRemote } from '../populate/read/places/place.ts';
import type { Project } from './module.ts';
import { samplesOf } from './samples.ts';

export interface ConfiguredFile {
  /** The name of the table. */
  readonly name: string;
  readonly path: string;
  /** The path as the config has it: a pattern or a folder is expanded to several files. */
  readonly given: string;
}

/** Whether the config names files to load, so that its samples are not loaded. */
export function hasLoads({ loads = {} }: Pick<Project, 'loads'>): boolean {
  return Object.keys(loads).length > 0;
}

/** @throws MeridianError `usage` where the config names no file; `source` for a folder or a pattern without files */
export function configuredFiles({ databases, loads = {} }: Pick<Project, 'databases' | 'loads'>): ConfiguredFile[] {
  if (!hasLoads({ loads })) {
    return samplesOf(databases).map(({ name, path }) => ({ name, path: displayPath(path), given: displayPath(path) }));
  }
  return Object.entries(loads).flatMap(([name, paths]) =>
    paths.flatMap((path) => expandPath(path).map((file) => ({ name, path: shown(file), given: shown(path) }))),
  );
}

function shown(path: string): string {
  return isRemote(path) ? path : displayPath(path);
}
