/** What a clone builds by itself, and when. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../src/shared/project.ts';
import { makeFolder, writeIn } from './support/folder.ts';

const { isStale }: { isStale: (root: string) => boolean } = await import(
  pathToFileURL(join(projectRoot, 'bin', 'stale.js')).href
);

const {
  digestOfSources,
  isBuilt,
  recordBuild,
}: {
  digestOfSources: (root: string) => string;
  isBuilt: (root: string) => boolean;
  recordBuild: (root: string, digest: string) => void;
} = await import(pathToFileURL(join(projectRoot, 'bin', 'built.js')).href);

const SOURCES = [
  'package.json',
  'src/cli/main.ts',
  'src/page/page.css',
  'src/page/frame/app.tsx',
  'migrations/users/sqlite/Migration1.ts',
];
const BUILT = ['src/cli/main.js', 'migrations/users/sqlite/Migration1.js', 'packages/list.json'].map(
  (file) => `dist/${file}`,
);

/** Sources, and their build a minute later. */
function builtClone(): string {
  const folder = makeFolder();
  for (const [index, files] of [SOURCES, BUILT].entries()) {
    for (const file of files) {
      const minute = index * 60;
      utimesSync(writeIn(folder, file, ''), minute, minute);
    }
  }
  return folder;
}

describe('a clone', () => {
  test('is not built again where nothing has changed', () => {
    expect(isStale(builtClone())).toBe(false);
  });

  test.each(SOURCES)('is built again after a change of %s', (file) => {
    const clone = builtClone();
    utimesSync(join(clone, file), 120, 120);
    expect(isStale(clone)).toBe(true);
  });

  test.each(['migrations/users/sqlite/Migration1.ts', ...BUILT.filter((file) => !file.includes('Migration'))])(
    'is built again without %s',
    (file) => {
      const clone = builtClone();
      rmSync(join(clone, file));
      expect(isStale(clone)).toBe(true);
    },
  );

  test('is built again where nothing of it is', () => {
    const clone = builtClone();
    rmSync(join(clone, 'dist'), { recursive: true });
    expect(isStale(clone)).toBe(true);
  });
});

describe('what npm run build has to build', () => {
  const FILES = [
    ...SOURCES,
    'test/a.test.ts',
    'docs/generate/main.ts',
    'bin/build.js',
    'node_modules/.package-lock.json',
  ];

  function recorded(): string {
    const clone = builtClone();
    for (const file of FILES) {
      writeIn(clone, file, 'a');
    }
    writeIn(clone, 'dist/test/a.test.js', 'a');
    recordBuild(clone, digestOfSources(clone));
    return clone;
  }

  test('nothing where nothing has changed', () => {
    const clone = recorded();
    utimesSync(join(clone, 'src/cli/main.ts'), 120, 120);
    writeIn(clone, 'docs/page.md', 'changed');
    writeIn(clone, 'dist/jest.json', '{}');
    expect(isBuilt(clone)).toBe(true);
  });

  test('a clone that was never built to the end', () => {
    const clone = recorded();
    rmSync(join(clone, 'dist/built.json'));
    expect(isBuilt(clone)).toBe(false);
  });

  test('a clone whose build was killed while it was recorded', () => {
    const clone = recorded();
    const path = join(clone, 'dist/built.json');
    for (const length of [statSync(path).size - 1, 1, 0]) {
      truncateSync(path, length);
      expect(isBuilt(clone)).toBe(false);
    }
  });

  test.each(FILES)('a change of %s that leaves its time and size', (file) => {
    const clone = recorded();
    const { atime, mtime } = statSync(join(clone, file));
    utimesSync(writeIn(clone, file, 'b'), atime, mtime);
    expect(isBuilt(clone)).toBe(false);
  });

  test.each(FILES)('a clone without %s', (file) => {
    const clone = recorded();
    rmSync(join(clone, file));
    expect(isBuilt(clone)).toBe(false);
  });

  test('a new source', () => {
    const clone = recorded();
    writeIn(clone, 'test/b.test.ts', '');
    expect(isBuilt(clone)).toBe(false);
  });

  test('a build of which something is gone, changed, or not of it', () => {
    const changes: ((clone: string) => void)[] = [
      (clone) => rmSync(join(clone, 'dist/test'), { recursive: true }),
      (clone) => writeIn(clone, 'dist/src/cli/main.js', 'changed'),
      (clone) => writeIn(clone, 'dist/test/old.test.js', ''),
    ];
    for (const change of changes) {
      const clone = recorded();
      change(clone);
      expect(isBuilt(clone)).toBe(false);
    }
  });
});

test('npm builds a clone only where it has to: npx prepares it once more', () => {
  const folder = builtClone();
  cpSync(join(projectRoot, 'bin'), join(folder, 'bin'), { recursive: true });
  writeIn(folder, 'package.json', readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  utimesSync(join(folder, 'package.json'), 0, 0);
  // without a compiler, a build would fail
  execFileSync('npm', ['run', 'prepare'], { cwd: folder, stdio: 'pipe' });
  expect(existsSync(join(folder, BUILT[0] ?? ''))).toBe(true);
});
