/** The options of populate: those of the request, and for the rest those of the config. */
import type { PopulatePlan, Project } from '../../config/module.ts';
import type { LoadQuery } from './load-query.ts';
import type { LoadOptions } from './loads.ts';

export function optionsOf(
  { defaults = {}, databaseModule }: Project,
  query: LoadQuery,
  { spread }: PopulatePlan,
): Omit<LoadOptions, keyof PopulatePlan> {
  const { onConflict, allOrNothing, onlyNew, strict, restart, dryRun, maxRejects = defaults.maxRejects } = query;
  return {
    onConflict: onConflict ?? defaults.onConflict ?? 'reject',
    allOrNothing: allOrNothing ?? defaults.allOrNothing ?? false,
    // a spread divides a file among several databases, and `onlyNew` works for whole files only
    onlyNew: onlyNew ?? (spread === undefined && (defaults.onlyNew ?? false)),
    isStrict: strict ?? defaults.strict ?? false,
    restart,
    dryRun,
    ...(maxRejects === undefined ? {} : { maxRejects }),
    ...defaults.limits,
    ...(databaseModule === undefined ? {} : { databaseModule }),
  };
}
