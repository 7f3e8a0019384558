/** Common parts of the load routes. */
import type { Project } from '../../config/module.ts';
import type { Answer, Call } from '../../config/route.ts';
import type { TemporaryFolder } from '../../shared/files/temporary-folder.ts';
import type { OpenDatabases } from '../databases.ts';
import type { Load, Loads, NothingNew } from './loads.ts';
import { NOTHING_NEW, STARTED } from './schemas.ts';

export interface LoadRouteParts {
  readonly project: Project;
  readonly databases: OpenDatabases;
  readonly loads: Loads;
  /** The maximum size of a request body with uploaded files. */
  readonly maxUploadBytes: number;
}

export const TAG = 'Loads';
export const ALL = '/api/loads';
export const ONE = `${ALL}/{run}`;

export const RUN_PARAMS = { run: { type: 'string', description: 'The id of the run' } } as const;
export const NO_RUN = { 404: { description: 'There is no such load' } } as const;
export const BEGUN = {
  200: { description: 'No file is new, so no run begins', schema: NOTHING_NEW },
  202: { description: 'The run has begun', schema: STARTED, headers: { Location: 'Its path' } },
} as const;

/** @param folder removed here if no load starts; else the load removes it */
export async function begin(
  call: Call,
  folder: TemporaryFolder | undefined,
  start: () => Promise<Load | NothingNew>,
): Promise<Answer> {
  try {
    const load = await start();
    if (!('run' in load)) {
      return { body: { run: null, skipped: load.report.skipped ?? {} } };
    }
    const { run } = load;
    call.note(`run ${run}`);
    const location = `${ALL}/${run}`;
    return { status: 202, headers: { location }, body: { run, events: `${location}/events` } };
  } catch (error) {
    await folder?.remove();
    throw error;
  }
}
