/** Screens of the project's modules: the page imports their scripts from the server, and passes them the parts that screens are made of. */
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import type { Screen } from './screen.ts';

export interface OwnScreens {
  readonly screens: readonly Screen[];
  /** The states that the screens follow. */
  readonly states: readonly string[];
  /** Errors of scripts whose screens cannot be shown. */
  readonly errors: readonly ApiError[];
}

const NONE: OwnScreens = { screens: [], states: [], errors: [] };

/** @returns `undefined` until all scripts are imported */
export function useOwnScreens(
  paths: readonly string[] | undefined,
  known: readonly Screen[],
  parts: object,
): OwnScreens | undefined {
  const [own, setOwn] = useState<OwnScreens>();
  useEffect(() => {
    if (paths !== undefined) {
      void importAll(paths, known, parts).then(setOwn);
    }
  }, [paths?.join()]);
  return own;
}

async function importAll(paths: readonly string[], known: readonly Screen[], parts: object): Promise<OwnScreens> {
  let all = NONE;
  for (const path of paths) {
    try {
      const { default: define } = (await import(path)) as { readonly default?: unknown };
      const { screens, states = [] } = definedBy(define, parts);
      for (const screen of screens) {
        refuseUnusable(screen, [...known, ...all.screens]);
      }
      all = { ...all, screens: [...all.screens, ...screens], states: [...all.states, ...states] };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `The screens of ${path} are not shown: ${reason}`;
      all = { ...all, errors: [...all.errors, new ApiError(0, sentence)] };
    }
  }
  return all;
}

interface Defined {
  readonly screens: readonly Screen[];
  readonly states?: readonly string[];
}

function definedBy(define: unknown, parts: object): Defined {
  if (typeof define !== 'function') {
    throw new Error('its default export is not a function');
  }
  const defined = define(parts) as Partial<Defined> | undefined;
  if (!Array.isArray(defined?.screens)) {
    throw new Error('its function does not return { screens: [ … ] }');
  }
  return defined as Defined;
}

function refuseUnusable({ name, title, Content }: Partial<Screen>, known: readonly Screen[]): void {
  if (typeof name !== 'string' || typeof title !== 'string' || typeof Content !== 'function') {
    throw new Error('a screen has a name, a title and a Content, which draws it');
  }
  if (known.some((one) => one.name === name)) {
    throw new Error(`there is a screen ${name} already`);
  }
}
