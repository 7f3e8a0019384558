/** Reads tables completely that a sample is not enough for. */
import { targetsAmong } from './load-sequence.ts';
import type { Participant } from './participant.ts';
import type { OpenedSource } from './sources.ts';

/** A foreign key requires the row that it refers to, so tables that others in their database relate to must not be sampled. */
export async function readTargetsWhole(
  participants: readonly Participant[],
  sources: Map<string, OpenedSource>,
): Promise<void> {
  const loads = participants.filter(({ load }) => load !== undefined);
  for (const one of loads) {
    const { name, database } = one.table;
    const opened = sources.get(name);
    const others = loads.filter(({ table }) => table.database === database);
    if (
      one.load !== undefined &&
      opened !== undefined &&
      others.some((other) => targetsAmong(other, [one]).length > 0)
    ) {
      await opened.open.close();
      const open = await opened.source.open('whole');
      sources.set(name, { ...opened, open });
      one.load = { ...one.load, open };
    }
  }
}
