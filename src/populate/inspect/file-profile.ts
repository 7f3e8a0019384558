/** Profiles the records of a file in bounded memory. */
import { isJsonObject } from '../../shared/json/object.ts';
import { WrittenNumber } from '../../shared/json/written-number.ts';
import { FieldRecord, SpacedRecord } from '../read/field-record.ts';
import { MAX_FIELDS } from '../read/limits.ts';
import type { RawRecord } from '../read/source.ts';
import type { ValueSettings } from '../record/value-settings.ts';
import { ColumnProfile } from './column-profile.ts';
import { DistinctBudget } from './distinct-values.ts';
import { kindReader } from './kinds.ts';

/** Maximum number of unreadable records whose reasons are shown. */
const SHOWN_BROKEN = 3;

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
    this.#profilesOf(header);
  }

  add(raw: RawRecord): void {
    this.records++;
    if (raw.problem !== undefined || !isJsonObject(raw.record)) {
      this.#addBroken(raw.line, raw.problem ?? 'The record is not an object');
    } else if (raw instanceof FieldRecord) {
      this.#addFields(raw);
    } else {
      for (const [name, value] of Object.entries(raw.record)) {
        this.#addValue(this.#profileOf(name), value, raw.numbers?.has(name) ?? false, false, raw.line);
      }
    }
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
    }
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
    let profile = this.columns.get(name);
    if (profile === undefined && this.columns.size < MAX_FIELDS) {
      profile = new ColumnProfile(this.#budget);
      this.columns.set(name, profile);
    }
    this.hasMoreColumns ||= profile === undefined;
    return profile;
  }
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
