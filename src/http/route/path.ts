/** Paths of routes as OpenAPI writes them, and as the router takes them. */
import { Problem } from '../problem.ts';

const REST = /\{(\w+)\+\}$/;

/** `/api/loads/{run}` -> `/api/loads/:run`, and a last `{key+}` -> `*`. */
export function routerPath(path: string): string {
  return path.replace(REST, '*').replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The path in OpenAPI, which has no parameter for several segments. */
export function openApiPath(path: string): string {
  return path.replace(REST, '{$1}');
}

export function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
}

/** How many segments stand before the rest. */
function segmentsBefore(path: string): number {
  return path.replace(REST, '').split('/').length - 1;
}

/** Where a path has no last `{name+}`. */
const NO_REST: readonly string[] = [];

/**
 * The parts of a last `{name+}` in the URL of a request, each decoded by itself, so that a part may hold a slash that is written `%2F`.
 *
 * @param path of the route
 * @returns reads them; it throws a Problem 400 for a part that is not percent-encoded UTF-8
 */
export function restReader(path: string): (url: string) => readonly string[] {
  if (!REST.test(path)) {
    return () => NO_REST;
  }
  const before = segmentsBefore(path);
  return (url) => {
    const end = pathEnd(url);
    let start = 0;
    for (let passed = 0; passed < before; passed++) {
      start = url.indexOf('/', start) + 1;
      if (start === 0 || start > end) {
        return NO_REST;
      }
    }
    const rest = url.slice(start, end);
    const parts = rest.includes('/') ? rest.split('/') : [rest];
    return rest.includes('%') ? parts.map(decoded) : parts;
  };
}

/** Where the query begins, or else the fragment. */
function pathEnd(url: string): number {
  const query = url.indexOf('?');
  const fragment = url.indexOf('#');
  if (query < 0 || fragment < 0) {
    return Math.max(query, fragment) < 0 ? url.length : Math.max(query, fragment);
  }
  return Math.min(query, fragment);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem(400, 'usage', 'The path is not percent-encoded UTF-8.');
  }
}
