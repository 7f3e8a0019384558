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

/**
 * The parts of a last `{name+}`, each decoded by itself, so that a part may hold a slash that is written `%2F`.
 *
 * @throws Problem 400 for a part that is not percent-encoded UTF-8
 */
export function restOf(path: string, url: string): readonly string[] {
  if (!REST.test(path)) {
    return [];
  }
  const [given = ''] = url.split(/[?#]/, 1);
  return given
    .split('/')
    .slice(segmentsBefore(path))
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        throw new Problem(400, 'usage', 'The path is not percent-encoded UTF-8.');
      }
    });
}
