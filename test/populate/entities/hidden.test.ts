/** The values of hidden properties are in no message about a record. */
import { expect, test } from '@jest/globals';
import { Embeddable, Embedded, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ArrayMaxSize, IsEmail, IsIn, IsOptional, Length, ValidateNested } from 'class-validator';
import { Database } from '../../../src/database/database.ts';
import { verify } from '../../../src/integrity/verify.ts';
import { shapeOf } from '../../../src/populate/record/shape.ts';
import { valueFinder } from '../../../src/populate/rejects/rejected-value.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { refuseRows } from '../../support/refusing.ts';

const SECRET = 'hunter2!';

@Embeddable()
class Login {
  @Property({ type: 'string', length: 4, hidden: true, nullable: true })
  code!: string | null;

  @Property({ type: 'integer', hidden: true, nullable: true })
  number!: number | null;
}

@Entity({ tableName: 'members' })
class Member {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'string', length: 4, hidden: true, nullable: true })
  pin!: string | null;

  @Property({ type: 'integer', hidden: true, nullable: true })
  number!: number | null;

  @Property({ type: 'string', hidden: true })
  @IsEmail()
  @Length(1, 40)
  mail = 'a@example.com';

  @Property({ type: 'datetime', hidden: true, nullable: true })
  since!: Date | null;

  @Embedded(() => Login, { nullable: true })
  inline!: Login | null;

  @Embedded(() => Login, { nullable: true, object: true })
  json!: Login | null;

  @Embedded(() => Login, { nullable: true, object: true, hidden: true })
  whole!: Login | null;
}

@Entity({ tableName: 'tokens' })
class Token {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string', hidden: true, unique: true })
  text!: string;

  @Property({ type: 'string', nullable: true })
  note!: string | null;
}

@Embeddable()
class Pass {
  @Property({ type: 'string' })
  door!: string;

  @Property({ type: 'string', hidden: true, nullable: true })
  @Length(1, 7)
  pin!: string | null;
}

@Entity({ tableName: 'visitors' })
class Visitor {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Embedded(() => Pass, { nullable: true })
  @IsOptional()
  @IsIn([null])
  @ValidateNested()
  inline!: Pass | null;

  @Embedded(() => Pass, { nullable: true, object: true })
  @IsOptional()
  @ValidateNested()
  json!: Pass | null;

  @Embedded(() => Pass, { nullable: true, array: true })
  @IsOptional()
  @ArrayMaxSize(1)
  @ValidateNested({ each: true })
  list!: Pass[] | null;
}

@Entity({ tableName: 'guests' })
class Guest {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'integer', hidden: true, nullable: true })
  hostId!: number | null;

  @ManyToOne(() => Guest, { hidden: true, nullable: true })
  friend!: Guest | null;
}

forEachEngineThoroughly((makePlace, engine) => {
  const messagesOf = (report: PopulateReport) =>
    Object.values(report.databases)
      .flatMap((one) => one.details ?? [])
      .flatMap(({ errors }) => errors.map(({ message }) => message));

  test('neither of rules nor of columns', async () => {
    const { place, declaration, options, load } = await ownEntity(await makePlace(), {
      name: 'members',
      entity: Member,
    });
    const wrong = [
      { pin: SECRET },
      { number: SECRET },
      { mail: SECRET },
      { since: `31.12.2026 ${SECRET}` },
      { inline: { code: SECRET } },
      { inline: { number: SECRET } },
      { json: { code: SECRET } },
      { json: { number: SECRET } },
      { whole: SECRET },
      { whole: { code: SECRET } },
    ];
    const report = (await load(wrong.map((values, index) => ({ id: index + 1, ...values })))).databases['members'];
    const messages = report?.details?.flatMap(({ errors }) => errors.map(({ message }) => message));
    expect(messages).toEqual([
      'pin can have at most 4 characters',
      'number is not a whole number up to 9007199254740991',
      'mail must be an email',
      'since is not an ISO 8601 date and time with a zone, to the millisecond',
      'inline.code can have at most 4 characters',
      'inline.number is not a whole number up to 9007199254740991',
      'json.code can have at most 4 characters',
      'json.number is not a whole number up to 9007199254740991',
      'whole is not an object in JSON',
      'whole is not an object in JSON',
    ]);
    const database = await Database.open(declaration, options);
    const valueIn = valueFinder(shapeOf(database.metadataOf(Member)));
    expect(valueIn({ id: 1, pin: SECRET }, 'pin', undefined)).toBe('(hidden)');
    expect(valueIn({ id: 1, inline: { code: SECRET } }, 'inline.code', undefined)).toBe('(hidden)');
    expect(valueIn({ id: 1, pin: SECRET }, 'id', undefined)).toBe(1);
    await load([{ id: 1 }]);
    await place.execute('members', `update members set mail = '${SECRET}'`);
    const verdict = (await verify([database]))['members'];
    await database.close();
    expect(verdict?.examples.map(({ errors }) => errors)).toEqual([
      [{ property: 'mail', code: 'isEmail', message: 'mail must be an email' }],
    ]);
  });

  test('nor of keys that other rows have', async () => {
    const { load } = await ownEntity(await makePlace(), { name: 'tokens', entity: Token });
    const report = await load([
      { id: 1, text: SECRET },
      { id: 2, text: SECRET },
      { text: 'other' },
      { text: 'other', note: 'again' },
    ]);
    expect(messagesOf(report)).toEqual([
      'Text (hidden) belongs to token 1',
      'Text (hidden) occurs earlier in this source',
    ]);
  });

  test('nor of members of lists and objects', async () => {
    const { declaration, options, load } = await ownEntity(await makePlace(), { name: 'visitors', entity: Visitor });
    const pass = { door: 'A', pin: SECRET };
    const short = { door: 'A', pin: SECRET.slice(1) };
    const wrong = [
      { inline: short },
      { json: pass },
      { list: [pass] },
      { list: [short, short] },
      { list: short },
      { list: [[short]] },
      { json: [short] },
      { json: JSON.stringify(short).slice(1) },
    ];
    const report = (await load(wrong.map((values, index) => ({ id: index + 1, ...values })))).databases['visitors'];
    expect(report?.details?.map(({ errors }) => errors.map(({ message }) => message).join(', '))).toEqual([
      'inline must be one of ',
      'json.pin must be shorter than or equal to 7 characters',
      'list.0.pin must be shorter than or equal to 7 characters',
      'list must contain no more than 1 elements',
      'list is not a list of objects in JSON',
      'list[0] is not an object in JSON',
      'json is not an object in JSON',
      'json is not an object in JSON',
    ]);
    const database = await Database.open(declaration, options);
    const valueIn = valueFinder(shapeOf(database.metadataOf(Visitor)));
    await database.close();
    expect(valueIn({ id: 1, list: [pass] }, 'list', undefined)).toBe('(hidden)');
    expect(valueIn({ id: 1, json: pass }, 'json', undefined)).toBe('(hidden)');
  });

  test('nor of references', async () => {
    const { place, declaration, options, load } = await ownEntity(await makePlace(), {
      name: 'guests',
      entity: Guest,
      references: { hostId: { database: 'guests', entity: 'guest' } },
    });
    const report = await load([
      { id: 1, hostId: 7777 },
      { id: 2, friend: 7777 },
      { id: 3, hostId: 3 },
    ]);
    expect(report.databases['guests']?.details?.flatMap(({ errors }) => errors)).toEqual([
      { property: 'hostId', code: 'reference', message: 'Guest (hidden) does not exist' },
      { property: 'friend', code: 'reference', message: 'Guest (hidden) does not exist' },
    ]);
    await place.execute('guests', 'update guests set host_id = 7777');
    const database = await Database.open(declaration, options);
    const verdict = (await verify([database]))['guests'];
    await database.close();
    expect(verdict?.examples.map(({ errors }) => errors)).toEqual([
      [{ property: 'hostId', code: 'reference', message: 'Guest (hidden) does not exist' }],
    ]);
  });

  // SQLite quotes no values
  (engine === 'postgresql' ? test : test.skip)('nor of what the database says about a value', async () => {
    const { load } = await ownEntity(
      await makePlace(),
      { name: 'members', entity: Member },
      { after: ['alter table members add check (mail::uuid is not null)'] },
    );
    expect(messagesOf(await load([{ id: 1, mail: 'hunter@example.com' }]))).toEqual([
      'The database refuses it: its message may show a hidden value',
    ]);
  });

  test('nor of what a trigger says', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'tokens', entity: Token });
    await load([{ id: 1, text: 'any' }]);
    await refuseRows(place, { table: 'tokens', on: 'insert', when: `new.text = '${SECRET}'` }, `${SECRET} is known`);
    await refuseRows(place, { table: 'tokens', on: 'insert', when: 'new.id = 3' }, 'id 3 is frozen');
    const report = await load([
      { id: 2, text: SECRET },
      { id: 3, text: 'other' },
    ]);
    expect(messagesOf(report)).toEqual([
      'A trigger of the database refuses it: its message may show a hidden value',
      'A trigger of the database refuses it: id 3 is frozen',
    ]);
  });
});
