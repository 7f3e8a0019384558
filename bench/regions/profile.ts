/** Where a program's time goes: what the profiler of Node.js says, summed up by whose code it is. */
import { Session } from 'node:inspector/promises';

export interface Share {
  readonly group: string;
  /** Of all time; 1 is all of it. */
  readonly share: number;
}

/** What the profiler gives, as far as it is needed. */
export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Ids of nodes, each with the microseconds since the one before. */
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

const SAMPLE_MICROSECONDS = 500;

export async function profiled(work: () => Promise<void>): Promise<Share[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    return sharesOf(profile);
  } finally {
    session.disconnect();
  }
}

/** The largest first. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profile): Share[] {
  const groups = new Map(nodes.map(({ id, callFrame }) => [id, groupOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const group = groups.get(id) ?? 'Node.js';
    times.set(group, (times.get(group) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([group, time]) => ({ group, share: time / total })).sort((a, b) => b.share - a.share);
}

function groupOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  if (functionName === '(idle)') {
    return 'waiting';
  }
  if (functionName === '(garbage collector)') {
    return 'garbage collection';
  }
  // what is not JavaScript is counted with the function that calls it: here, SQLite with its writing to the disk
  if (/\/better-sqlite3\/|\/sqlite-driver\.js$/.test(url)) {
    return 'SQLite and the disk';
  }
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (name !== undefined) {
    return name.startsWith('@mikro-orm/') ? 'MikroORM' : name;
  }
  const [, folder] = /\/dist\/src\/([^/]+)\//.exec(url) ?? [];
  return folder === undefined ? 'Node.js' : `Meridian, ${folder}`;
}
