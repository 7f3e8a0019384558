// Whether a clone has to be built: a file is newer than its build, or was deleted, or the build did not finish.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The relative paths, such as `/shared/text/visible.ts`, of all files below a folder. Every command starts with this: a glob takes a few
 * times as long, and so do `join` and `relative` for some thousand files.
 */
function filesBelow(root, folder = '') {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(root, path) : path;
  });
}

/** Also detects a deleted migration, which must not be applied from the build. */
export function isStale(root) {
  const first = join(root, 'dist', 'src', 'cli', 'main.js');
  const last = join(root, 'dist', 'packages', 'list.json');
  if (!existsSync(first) || !existsSync(last)) {
    return true;
  }
  const builtAt = statSync(first).mtimeMs;
  const isNewer = (file) => statSync(file).mtimeMs > builtAt;
  const settings = readdirSync(root).filter((name) => /\.config\.ts$|^(tsconfig|package)\.json$/.test(name));
  return (
    settings.some((name) => isNewer(join(root, name))) ||
    ['src', 'migrations'].some((name) => {
      const folder = join(root, name);
      const built = join(root, 'dist', name);
      const sources = filesBelow(folder);
      return (
        sources.some((path) => isNewer(folder + path)) || !existsSync(built) || hasMore(filesBelow(built), sources)
      );
    })
  );
}

/** Whether the build contains a module whose source was deleted. */
function hasMore(built, sources) {
  const known = new Set(sources);
  return built.some((path) => path.endsWith('.js') && !known.has(`${path.slice(0, -'js'.length)}ts`));
}
