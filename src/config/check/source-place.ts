/** Finds where the source of an entity declares a property, for messages. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntityMetadata } from '@mikro-orm/core';

export interface SourcePlace {
  /** An absolute path. */
  readonly file: string;
  /** The line number, from 1, if the declaration is found in the file. */
  readonly line?: number;
}

/**
 * @param root the folder of the project, whose TypeScript package parses the file if it has a parser
 * @returns `undefined` for an entity whose file MikroORM does not know, such as one without decorators
 */
export function placeOf(
  { path, className }: Pick<EntityMetadata, 'path' | 'className'>,
  property: string | undefined,
  root: string,
): SourcePlace | undefined {
  const file = sourceFile(path);
  if (file === undefined) {
    return undefined;
  }
  const text = readFileSync(file, 'utf8');
  const offset = parsedOffset(file, text, { className, property, root }) ?? writtenOffset(text, className, property);
  return offset === undefined ? { file } : { file, line: text.slice(0, offset).split('\n').length };
}

/** Without a decorator, MikroORM uses the class name as the path. */
function sourceFile(path: string | undefined): string | undefined {
  const file = path?.startsWith('file:') ? fileURLToPath(path) : path;
  if (file === undefined || !isAbsolute(file) || !existsSync(file)) {
    return undefined;
  }
  return compiledFrom(file) ?? file;
}

/** The source file that the source map of a compiled file names. */
function compiledFrom(file: string): string | undefined {
  const map = `${file}.map`;
  if (!existsSync(map)) {
    return undefined;
  }
  const { sources: [source] = [], sourceRoot = '' } = JSON.parse(readFileSync(map, 'utf8')) as {
    readonly sources?: readonly string[];
    readonly sourceRoot?: string;
  };
  const path = source === undefined ? undefined : resolve(dirname(file), sourceRoot, source);
  return path !== undefined && existsSync(path) ? path : undefined;
}

interface Wanted {
  readonly className: string;
  readonly property: string | undefined;
  readonly root: string;
}

/** The part of TypeScript's `Node` that is used here. */
interface Node {
  readonly name?: { getStart(): number; getText(): string };
  readonly members?: readonly Node[];
  forEachChild<T>(visit: (node: Node) => T | undefined): T | undefined;
}

interface Parser {
  createSourceFile(file: string, text: string, target: number, setParentNodes: boolean): Node;
}

function parsedOffset(file: string, text: string, { className, property, root }: Wanted): number | undefined {
  const parser = parserOf(root);
  if (parser === undefined) {
    return undefined;
  }
  const visit = (node: Node): number | undefined => {
    if (node.members !== undefined && node.name?.getText() === className) {
      const declared = property === undefined ? node : node.members.find(({ name }) => name?.getText() === property);
      return declared?.name?.getStart();
    }
    return node.forEachChild(visit);
  };
  // ESNext
  return visit(parser.createSourceFile(file, text, 99, true));
}

/** The parser of the project's TypeScript; version 7 has no parser API. */
function parserOf(root: string): Parser | undefined {
  try {
    const typescript: unknown = createRequire(join(root, 'meridian.config.ts'))('typescript');
    const { createSourceFile } = typescript as Partial<Parser>;
    return typeof createSourceFile === 'function' ? (typescript as Parser) : undefined;
  } catch {
    // the project has no TypeScript: the text is searched instead
    return undefined;
  }
}

function writtenOffset(text: string, className: string, property: string | undefined): number | undefined {
  const start = new RegExp(`\\bclass\\s+${escaped(className)}\\b`).exec(text)?.index;
  if (start === undefined || property === undefined) {
    return start;
  }
  const modifiers = '(?:(?:public|protected|private|readonly|declare|override|accessor)\\s+)*';
  const declaration = new RegExp(`^[ \\t]*(?:@.*\\)[ \\t]+)?${modifiers}${escaped(property)}[!?]?[ \\t]*[:=;(]`, 'm');
  const match = declaration.exec(text.slice(start));
  return match === null ? undefined : start + match.index;
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w]/g, '\\$&');
}
