/** Writes the files of a project where there are none yet, and remembers which ones. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MeridianError, messageOf } from '../../../shared/errors.ts';

export class ProjectFiles {
  readonly root: string;
  /** Paths from the root. */
  readonly written: string[] = [];
  /** Those that were there. */
  readonly kept: string[] = [];

  constructor(root: string) {
    this.root = root;
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** @throws MeridianError `directory` */
  write(path: string, text: string): void {
    if (this.has(path)) {
      this.kept.push(path);
      return;
    }
    this.put(path, text);
  }

  /** Also where there is one, of which nothing is lost. */
  put(path: string, text: string): void {
    const file = join(this.root, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } catch (error) {
      throw new MeridianError('directory', `${file} cannot be written: ${messageOf(error)}.`, { cause: error });
    }
    this.written.push(path);
  }
}
