/** A property that no source supplies gets what the entity says when its row is made, and is never compared. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsDate, IsIn, IsNotEmpty, IsOptional, IsUUID } from 'class-validator';
import { countsOf } from '../../support/databases.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';

let changes = 0;

@Entity({ tableName: 'notes' })
class Note {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  text!: string;

  @Property({ type: 'datetime', length: 0 })
  @IsDate()
  createdAt = new Date();

  @Property({ type: 'text', nullable: true })
  @IsOptional()
  mood: string | null = `mood ${Math.random()}`;

  @Property({ type: 'integer', onCreate: () => 1 })
  made!: number;

  @Property({ type: 'text', onCreate: (note) => `of ${(note as Note).text}` })
  origin!: string;

  @Property({ type: 'integer', onUpdate: () => ++changes, nullable: true })
  changes!: number | null;

  @Property({ type: 'text', default: 'open' })
  state!: string;

  toString(): string {
    return `${this.text} of ${this.createdAt.toISOString()}`;
  }
}

interface NoteRow {
  readonly id: number;
  readonly text: string;
  readonly created_at: unknown;
  readonly mood: string | null;
  readonly made: number;
  readonly origin: string;
  readonly changes: number | null;
  readonly state: string;
}

const counts = (inserted: number, updated: number, unchanged: number, rejected = 0) => ({
  read: inserted + updated + unchanged + rejected,
  inserted,
  updated,
  unchanged,
  rejected,
});

forEachEngineThoroughly((makePlace) => {
  test('the same records again are unchanged', async () => {
    const notes = await ownEntity(await makePlace(), { name: 'notes', entity: Note });
    const records = [
      { id: 1, text: 'One' },
      { id: 2, text: 'Two', createdAt: '2026-01-02T03:04:05.678Z', mood: '', state: 'done' },
    ];
    expect(countsOf(await notes.load(records))['notes']).toEqual(counts(2, 0, 0));
    const before = (await notes.place.rowsOf('notes')) as NoteRow[];
    expect(before).toMatchObject([
      { mood: expect.stringContaining('mood'), made: 1, origin: 'of One', changes: null, state: 'open' },
      { mood: null, made: 1, origin: 'of Two', changes: null, state: 'done' },
    ]);
    for (const onConflict of ['reject', 'update'] as const) {
      const report = await notes.load(records, { onConflict });
      expect(countsOf(report)['notes']).toEqual(counts(0, 0, 2));
      // with what stands in its row
      expect(report.databases['notes']?.details?.[1]?.text).toBe('Two of 2026-01-02T03:04:06.000Z');
    }
    expect(await notes.place.rowsOf('notes')).toEqual(before);
  });

  test('an update keeps what was made with the row, and writes what an update makes', async () => {
    const notes = await ownEntity(await makePlace(), { name: 'notes', entity: Note });
    await notes.load([
      { id: 1, text: 'One' },
      { id: 2, text: 'Two' },
    ]);
    const [one, two] = (await notes.place.rowsOf('notes')) as NoteRow[];
    const changed = [
      { id: 1, text: 'One' },
      { id: 2, text: 'Second' },
    ];
    expect(countsOf(await notes.load(changed, { onConflict: 'update' }))['notes']).toEqual(counts(0, 1, 1));
    expect(await notes.place.rowsOf('notes')).toEqual([one, { ...two, text: 'Second', changes }]);
    expect(countsOf(await notes.load(changed, { onConflict: 'update' }))['notes']).toEqual(counts(0, 0, 2));
  });

  test('a value that a source does supply is compared', async () => {
    const notes = await ownEntity(await makePlace(), { name: 'notes', entity: Note });
    await notes.load([{ id: 1, text: 'One' }]);
    const report = await notes.load([{ id: 1, text: 'One', createdAt: '2026-01-02T03:04:05Z', made: 2 }]);
    expect(report.databases['notes']?.reasons.map(({ message }) => message)).toEqual([
      'Note 1 already exists with another createdAt, made',
    ]);
  });

  test('rules are not applied to what the database or onCreate fills in', async () => {
    @Entity({ tableName: 'visits' })
    class Visit {
      @PrimaryKey({ type: 'bigint', autoincrement: false })
      @IsNotEmpty()
      id!: string;

      @Property({ type: 'datetime', onCreate: () => new Date() })
      @IsDate()
      createdAt!: Date;

      @Property({ type: 'datetime', onCreate: () => new Date(), onUpdate: () => new Date(), nullable: true })
      @IsDate()
      updatedAt: Date | null = null;

      @Property({ type: 'uuid' })
      @IsUUID()
      token: string = crypto.randomUUID();

      @Property({ type: 'string', default: 'open' })
      @IsIn(['open', 'done'])
      state!: string;

      @Property({ type: 'datetime', defaultRaw: 'current_timestamp' })
      @IsDate()
      seenAt!: Date;

      @Property({ type: 'json', default: '{}' })
      @IsNotEmpty()
      notes!: object;

      @Property({ type: 'text', nullable: true })
      place!: string | null;
    }
    const visits = await ownEntity(await makePlace(), { name: 'visits', entity: Visit });
    const records = [{ id: '1' }, { id: '2', place: 'Oslo', state: '' }];
    const first = await visits.load(records);
    expect(first.databases['visits']?.reasons).toEqual([]);
    const rows = await visits.place.rowsOf('visits');
    for (const onConflict of ['reject', 'update'] as const) {
      const again = await visits.load(records, { onConflict });
      expect(again.databases['visits']?.failure).toBeUndefined();
      expect(countsOf(again)['visits']).toEqual(counts(0, 0, 2));
    }
    expect(await visits.place.rowsOf('visits')).toEqual(rows);
    const wrong = await visits.load([{ id: '3', state: 'lost', createdAt: 'now' }]);
    expect(wrong.databases['visits']?.reasons.map(({ code }) => code).sort()).toEqual(['isDate', 'isIn']);
  });

  test('a primary key is never made up', async () => {
    @Entity({ tableName: 'tickets' })
    class Ticket {
      @PrimaryKey({ type: 'uuid' })
      id: string = crypto.randomUUID();

      @Property({ type: 'text' })
      text!: string;
    }
    const tickets = await ownEntity(await makePlace(), { name: 'tickets', entity: Ticket });
    const records = [
      { id: '6f9619ff-8b86-d011-b42d-00c04fc964ff', text: 'One' },
      { id: '', text: 'Two' },
    ];
    const report = await tickets.load(records);
    expect(countsOf(report)['tickets']).toEqual(counts(1, 0, 0, 1));
    expect(report.databases['tickets']?.reasons.map(({ message }) => message)).toEqual(['id cannot be empty']);
    expect(countsOf(await tickets.load(records))['tickets']).toEqual(counts(0, 0, 1, 1));
  });
});
