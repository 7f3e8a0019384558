/** Real data that may lie beside the project, in `shared/data/`; it is no part of it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../src/shared/project.ts';

/** @returns the path of a folder of data beside the project, or beside a folder that it is in; nothing where there is none */
export function realData(name: string): string | undefined {
  for (let folder = dirname(projectRoot); ; folder = dirname(folder)) {
    const data = join(folder, 'shared', 'data', name);
    if (existsSync(data)) {
      return data;
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}
