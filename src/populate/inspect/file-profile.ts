/** Profiles the records of a file in bounded memory. */
import { isJsonObject } from '../../shared/json/object.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { FieldRecord, SpacedRecord } from '../read/field-record.ts';
import { MAX_FIELDS } from '../read/limits.ts';
import type { RawRecord } from '../read/source.ts';
import type { ValueSettings } from '../record/value-settings.ts';
import { ColumnProfile, ELEMENTS } from './column-profile.ts';
import { DistinctBudget } from './distinct-values.ts';
import { kindReader } from './kinds.ts';

/** Maximum number of unreadable records whose reasons are shown. */
const SHOWN_BROKEN = 3;

/** Maximum number of members that are profiled of one object. */
const MAX_MEMBERS = 200;

/** A column, or a member of its objects. */
export interface ProfiledColumn {
  /** Such as `address.street`, or `items[].sku`. */
  readonly path: string;
  readonly profile: ColumnProfile;
  /** Records, or list elements, that could have a value. */
  readonly records: number;
}

export interface Broken {
  readonly line: number;
  readonly problem: string;
}

export class FileProfile {
  readonly columns = new Map<string, ColumnProfile>();
  readonly broken: Broken[] = [];
  records = 0;
  brokenRecords = 0;
  /** Whether the records have more columns than are profiled. */
  hasMoreColumns = false;
  #profiled = 0;
  /** Whether the file has a header; the objects in its fields are no part of the record then. */
  #isTable: boolean;
  readonly #budget = new DistinctBudget();
  readonly #read: ReturnType<typeof kindReader>;
  readonly #nulls: ReadonlySet<string>;
  /** The columns of the header, in order. */
  #header: readonly string[] = [];
  #profiles: readonly ColumnProfile[] = [];

  /** @param header names the columns of a file without records */
  constructor(settings: ValueSettings, header: readonly string[] = []) {
    this.#read = kindReader(settings);
    this.#nulls = new Set(settings.nulls);
    this.#isTable = header.length > 0;
    this.#profilesOf(header);
  }

  add(raw: RawRecord): void {
    this.records++;
    if (raw.problem !== undefined || !isJsonObject(raw.record)) {
      this.#addBroken(raw.line, raw.problem ?? 'The record is not an object');
    } else if (raw instanceof FieldRecord) {
      this.#isTable = true;
      this.#addFields(raw);
    } else {
      for (const [name, value] of Object.entries(raw.record)) {
        this.#addValue(this.#profileOf(name), value, raw.numbers?.has(name) ?? false, false, raw.line);
      }
    }
  }

  /** Each column, followed by the members of its objects. */
  all(): ProfiledColumn[] {
    return allIn(this.columns, '', this.records - this.brokenRecords);
  }

  /** A record with all keys of the records, to compare with the properties of a table. */
  structure(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.columns].map(([name, profile]) => [name, this.#isTable ? true : structureOf(profile)]),
    );
  }

  #addBroken(line: number, problem: string): void {
    this.brokenRecords++;
    if (this.broken.length < SHOWN_BROKEN) {
      this.broken.push({ line, problem });
    }
  }

  #addFields(raw: FieldRecord): void {
    const profiles = this.#profilesOf(raw.columns);
    for (const [index, profile] of profiles.entries()) {
      const isNumber = raw.numbers?.has(raw.columns[index] ?? '') ?? false;
      this.#addValue(profile, raw.fields[index], isNumber, raw instanceof SpacedRecord, raw.line);
    }
  }

  #addValue(
    profile: ColumnProfile | undefined,
    value: unknown,
    isNumber: boolean,
    isSpaced: boolean,
    line: number,
  ): void {
    if (profile === undefined || value === null || value === undefined) {
      return;
    }
    const text = textOf(value);
    const trimmed = text.trim();
    if (typeof value === 'string' && (trimmed === '' || this.#nulls.has(trimmed))) {
      profile.addEmpty();
    } else {
      const reading = this.#read(typeof value === 'string' ? trimmed : value, isNumber);
      profile.add(reading, isSpaced ? text : trimmed, line);
      this.#addMembers(profile, value, line);
    }
  }

  #addMembers(profile: ColumnProfile, value: unknown, line: number): void {
    if (Array.isArray(value)) {
      profile.elements += value.length;
      for (const element of value) {
        this.#addValue(this.#memberOf(profile, ELEMENTS), element, false, false, line);
      }
    } else if (isPlainObject(value)) {
      for (const [key, member] of Object.entries(value)) {
        this.#addValue(this.#memberOf(profile, key), member, false, false, line);
      }
    }
  }

  #memberOf({ members }: ColumnProfile, key: string): ColumnProfile | undefined {
    return members.get(key) ?? (members.size < MAX_MEMBERS ? this.#newProfile(members, key) : this.#noProfile());
  }

  #profilesOf(columns: readonly string[]): readonly ColumnProfile[] {
    // all rows of a file share one array
    if (this.#header !== columns) {
      this.#header = columns;
      this.#profiles = columns.flatMap((name) => this.#profileOf(name) ?? []);
    }
    return this.#profiles;
  }

  #profileOf(name: string): ColumnProfile | undefined {
    return this.columns.get(name) ?? this.#newProfile(this.columns, name);
  }

  #newProfile(columns: Map<string, ColumnProfile>, name: string): ColumnProfile | undefined {
    if (this.#profiled === MAX_FIELDS) {
      return this.#noProfile();
    }
    this.#profiled++;
    const profile = new ColumnProfile(this.#budget);
    columns.set(name, profile);
    return profile;
  }

  #noProfile(): undefined {
    this.hasMoreColumns = true;
  }
}

function allIn(columns: ReadonlyMap<string, ColumnProfile>, before: string, records: number): ProfiledColumn[] {
  return [...columns].flatMap(([name, profile]) => {
    const path = before === '' || name === ELEMENTS ? `${before}${name}` : `${before}.${name}`;
    const { members, elements } = profile;
    const ofList = new Map([...members].filter(([key]) => key === ELEMENTS));
    const ofObject = new Map([...members].filter(([key]) => key !== ELEMENTS));
    return [{ path, profile, records }, ...allIn(ofObject, path, records), ...allIn(ofList, path, elements)];
  });
}

/** `null` for a column without a value, which can be an object without its members. */
function structureOf({ members, hasValues }: ColumnProfile): unknown {
  const ofObject = [...members].filter(([key]) => key !== ELEMENTS);
  return ofObject.length === 0
    ? hasValues || null
    : Object.fromEntries(ofObject.map(([key, one]) => [key, structureOf(one)]));
}

/** Not a number that JavaScript does not have, a date or bytes. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof WrittenNumber) {
    return value.text;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
