/** Writes the files of a project that do not exist yet, and records them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MeridianError, messageOf } from '../../../shared/errors.ts';

export class ProjectFiles {
  readonly root: string;
  /** Paths of written files, relative to the root. */
  readonly written: string[] = [];
  /** Paths of files that existed before. */
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

  /** Writes a file that may exist; the new text must include its content. */
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
