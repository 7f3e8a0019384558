/** Unwraps the results of work on several databases. */
import type { Result } from '../database/each-database.ts';
import { settleAll } from '../shared/async/settle.ts';

/** @throws one error that holds all failures */
export function valuesOf<Value>(results: readonly Result<Value>[]): Promise<(readonly [string, Value])[]> {
  return settleAll(
    results.map(async (result) => {
      if ('error' in result) {
        throw result.error;
      }
      return [result.name, result.value] as const;
    }),
  );
}
