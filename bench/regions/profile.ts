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
    /** Ids of what it has called. */
    readonly children?: readonly number[] | undefined;
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
  const groups = groupsOf(nodes);
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const group = groups.get(id) ?? 'Node.js';
    times.set(group, (times.get(group) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([group, time]) => ({ group, share: time / total })).sort((a, b) => b.share - a.share);
}

/** What is not JavaScript, such as SQLite, is counted with the code that calls it; callers stand before what they call. */
function groupsOf(nodes: Profile['nodes']): ReadonlyMap<number, string> {
  const groups = new Map<number, string>();
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  for (const { id, callFrame } of nodes) {
    const caller = groups.get(callers.get(id) ?? id);
    groups.set(id, groupOf(callFrame) ?? caller ?? 'Node.js');
  }
  return groups;
}

function groupOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string | undefined {
  if (functionName === '(idle)') {
    return 'waiting';
  }
  if (functionName === '(garbage collector)') {
    return 'garbage collection';
  }
  if (url === '') {
    return undefined;
  }
  if (/\/better-sqlite3\/|\/sqlite-driver\.js$/.test(url)) {
    return 'SQLite and the disk';
  }
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  if (name !== undefined) {
    return name.startsWith('@mikro-orm/') ? 'MikroORM' : name;
  }
  const [, folder] = /\/dist\/src\/((?:(?:shop|replication)\/)?[^/]+)\//.exec(url) ?? [];
  return folder === undefined ? 'Node.js' : `Meridian, ${folder}`;
}
