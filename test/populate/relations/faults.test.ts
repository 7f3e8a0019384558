/** Loads with relations of which one stops, or is not continued, or whose targets vanish meanwhile. */
import { expect, test } from '@jest/globals';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { fileSource } from '../../../src/populate/read/file.ts';
import { countsOf } from '../../support/databases.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { writeIn } from '../../support/folder.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { rawRecord, sourceOf, streamOf } from '../../support/sources.ts';
import { parcels, uuid } from './parcels.ts';

const depot = (id: number, main: number | null = null) => ({ id, name: `Depot ${id}`, main });
const parcel = (id: number, depotId: number) => ({ id: uuid(id), depot: depotId });

@Entity()
class Task {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @ManyToOne({ entity: () => Task, nullable: true })
  after: Task | null = null;
}

@Entity()
class TaskEvent {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  taskId!: number;

  @Property({ type: 'integer', nullable: true })
  after: number | null = null;

  @Property({ type: 'text', nullable: true })
  run: string | null = null;
}

forEachEngineThoroughly((makePlace) => {
  const made = async () => ownDatabase(await makePlace(), parcels);

  test('records wait for a load of their targets that was stopped', async () => {
    const { load, place } = await made();
    const broken = streamOf(async function* () {
      yield [rawRecord(depot(1), 1)];
      throw new Error('the disk is gone');
    });
    const depots = writeIn(place.folder, 'depots.csv', 'id,name\n1,One\n2,Two\n');
    const files = writeIn(place.folder, 'parcels.csv', `id,depot\n${uuid(1)},2\n`);
    const first = await load(
      {},
      { sources: { 'parcels.depot': broken, 'parcels.parcel': fileSource(files) }, batchRecords: 1 },
    );
    expect(first.databases['parcels.parcel']).toMatchObject({ read: 0, isUnfinished: true });
    expect(first.databases['parcels.parcel']?.failure?.message).toMatch(
      'parcels.parcel: its records refer to rows of parcels.depot, whose load was stopped before its end, and are loaded only after it.',
    );
    const second = await load(
      {},
      { sources: { 'parcels.depot': fileSource(depots), 'parcels.parcel': fileSource(files) } },
    );
    expect(countsOf(second)['parcels.parcel']).toMatchObject({ read: 1, inserted: 1, rejected: 0 });
  });

  test('a run that is not continued has its relations completed, or its records reverted', async () => {
    const { load, place } = await made();
    const lines = ['1,One,4', '2,Two,9', '3,Three,', '4,Four,', '5,Five,'];
    const file = writeIn(place.folder, 'depots.csv', `id,name,main\n${lines.join('\n')}\n`);
    const stopped = new AbortController();
    let batches = 0;
    await load(
      {},
      {
        sources: { 'parcels.depot': fileSource(file) },
        batchRecords: 2,
        signal: stopped.signal,
        listener: { progressed: () => ++batches === 2 && stopped.abort() },
      },
    );
    const report = await load({ depot: [depot(7)] });
    expect(countsOf(report)['parcels.depot']).toMatchObject({ inserted: 1 });
    const rows = await place.execute('parcels', 'select id, main_id from depot order by id');
    expect(rows.map((row) => [row['id'], row['main_id']])).toEqual([
      [1, 4],
      [3, null],
      [4, null],
      [7, null],
    ]);
  });

  test('a target that vanishes after it was found is named as any other', async () => {
    const { load, place } = await made();
    await load({ depot: [depot(1), depot(2)], parcel: [parcel(1, 1)] });
    const source = streamOf(async function* () {
      // finds the depot, and is rejected
      yield [rawRecord(parcel(1, 2), 1)];
      await place.execute('parcels', 'delete from depot where id = 2');
      yield [rawRecord(parcel(2, 2), 2), rawRecord(parcel(3, 1), 3)];
    });
    const report = await load({}, { sources: { 'parcels.parcel': source }, batchRecords: 1 });
    expect(
      report.databases['parcels.parcel']?.details?.map(({ errors }) => errors.map(({ message }) => message)),
    ).toEqual([[`Parcel ${uuid(1)} already exists with another depot`], ['Depot 2 does not exist'], []]);
  });

  test('a change event has the relation that was completed', async () => {
    const place = await makePlace();
    const { load } = await ownDatabase(place, {
      name: 'tasks',
      entities: [
        {
          name: 'task',
          entity: Task,
          outboxMapping: {
            entity: TaskEvent,
            eventOf: ({ id, after }, run) => ({ taskId: id, after, run }),
            unpublishedEventsOf: (run, keys) => ({ run, taskId: { $in: keys } }),
          },
        },
      ],
      others: [TaskEvent],
    });
    const records = [
      { id: 1, after: 3 },
      { id: 2, after: 9 },
      { id: 3, after: null },
    ];
    const report = await load({}, { sources: { tasks: sourceOf(records) }, batchRecords: 1 });
    expect(countsOf(report)['tasks']).toMatchObject({ inserted: 2, rejected: 1 });
    const events = await place.execute('tasks', 'select task_id, after from task_event order by task_id');
    expect(events).toEqual([
      { task_id: 1, after: 3 },
      { task_id: 3, after: null },
    ]);
  });
});
