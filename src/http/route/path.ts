/** Converts route paths for OpenAPI and for the router. */
import { Problem } from '../problem.ts';

const REST = /\{(\w+)\+\}$/;

/** `/api/loads/{run}` -> `/api/loads/:run`, and `{key+}` at the end -> `*`. */
export function routerPath(path: string): string {
  return path.replace(REST, '*').replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The path in OpenAPI, which has no parameters for several segments. */
export function openApiPath(path: string): string {
  return path.replace(REST, '{$1}');
}

export function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
}

/** The number of segments before `{name+}`. */
function segmentsBefore(path: string): number {
  return path.replace(REST, '').split('/').length - 1;
}

/** The result for paths without `{name+}`. */
const NO_REST: readonly string[] = [];

/**
 * Reads the segments that `{name+}` matches in the URL of a request. Each is decoded separately, so it may contain a slash that is written
 * `%2F`.
 *
 * @param path of the route
 * @returns the reader, which throws a Problem 400 for a segment that is not percent-encoded UTF-8
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

/** The offset of the query, or else of the fragment. */
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
