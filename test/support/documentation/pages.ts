/** The pages that explain Meridian, and the shell commands and outputs in them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../src/shared/project.ts';

/** Paths of all pages from the project's root: README.md, CONTRIBUTING.md, that of the benchmark and those below docs/. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  ...globSync('docs/**/*.md', { cwd: projectRoot }).sort(),
];

export function readPage(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8');
}

/** A fenced block. */
export interface Block {
  /** What stands after the fence, such as `sh` or `text output`. */
  readonly info: string;
  readonly text: string;
  /** The line of the page on which its text starts. */
  readonly line: number;
  /** The file that the reader is to make of it: the line before ends with its path and a colon. */
  readonly file?: string;
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ 1: info = '', 2: text = '', index }) => {
    const before = markdown.slice(0, index);
    const file = /`([\w./-]+\.\w+)`:\n\n$/.exec(before)?.[1];
    const line = before.split('\n').length + 1;
    return { info: info.trim(), text, line, ...(file === undefined ? {} : { file }) };
  });
}

/** The files that a page has the reader make: path -> text. */
export function filesOf(page: string): Map<string, string> {
  return new Map(blocksOf(readPage(page)).flatMap(({ file, text }) => (file === undefined ? [] : [[file, text]])));
}

/** One command of a page: a line, or several that a backslash or a here-document joins. */
export interface ShellCommand {
  readonly text: string;
  readonly line: number;
}

export function commandsOf({ text, line }: Block): ShellCommand[] {
  const commands: ShellCommand[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    const end = /<<-?'?(\w+)/.exec(lines[at] ?? '')?.[1];
    while (at + 1 < lines.length && (end === undefined ? lines[at]?.endsWith('\\') : lines[at] !== end)) {
      at++;
    }
    const command = lines.slice(start, at + 1).join('\n');
    if (command.trim() !== '') {
      commands.push({ text: command, line: line + start });
    }
  }
  return commands;
}

/** A block of commands, and what the page says that they print; nothing where it does not say. */
export interface Step {
  readonly commands: readonly ShellCommand[];
  readonly output: Block | undefined;
}

export function stepsOf(page: string): Step[] {
  const blocks = blocksOf(readPage(page));
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    if (block.file !== undefined) {
      return [{ commands: [making(block.file, block)], output: undefined }];
    }
    return block.info === 'sh'
      ? [{ commands: commandsOf(block), output: next?.info.endsWith(' output') ? next : undefined }]
      : [];
  });
}

function making(file: string, { text, line }: Block): ShellCommand {
  return { text: `mkdir -p "$(dirname ${file})" && cat > ${file} <<'END_OF_FILE'\n${text}END_OF_FILE`, line };
}
