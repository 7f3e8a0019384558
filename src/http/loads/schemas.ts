/** The OpenAPI schemas of loads. */
import type { Schema } from '../../config/route.ts';

const TEXT = { type: 'string' } as const;
const WHOLE = { type: 'integer' } as const;
const INSTANT = { type: 'string', format: 'date-time' } as const;

function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) };
}

const COUNTS = { read: WHOLE, inserted: WHOLE, updated: WHOLE, unchanged: WHOLE, rejected: WHOLE };

const TABLE_RUN = object({
  source: TEXT,
  state: { ...TEXT, description: 'running, stopped (the same upload continues it), or how it ended' },
  ...COUNTS,
  startedAt: INSTANT,
  updatedAt: INSTANT,
  seconds: { type: 'number' },
  failure: { type: ['string', 'null'] },
});

export const RUN: Schema = object(
  {
    run: TEXT,
    startedAt: { type: ['string', 'null'], format: 'date-time' },
    isRunning: { type: 'boolean', description: 'Whether this server runs it' },
    tables: { type: 'object', additionalProperties: TABLE_RUN },
    report: { type: 'object', description: 'What populate --json prints, as long as the server keeps it' },
    error: TEXT,
  },
  ['report', 'error'],
);

export const RUNS: Schema = object({
  loads: { type: 'array', items: RUN },
  unreadable: {
    type: 'array',
    description: 'Databases whose runs are missing here',
    items: object({ database: TEXT, reason: TEXT }),
  },
});

export const STARTED: Schema = object({ run: TEXT, events: TEXT });

export const NOTHING_NEW: Schema = object({
  run: { type: 'null' },
  skipped: {
    type: 'object',
    description: 'Table -> its files, with the runs that have loaded them',
    additionalProperties: {
      type: 'array',
      items: object({ file: TEXT, run: TEXT, startedAt: INSTANT }),
    },
  },
});

export const PREVIEW: Schema = object({
  format: { type: ['string', 'null'] },
  columns: { type: ['array', 'null'], items: TEXT },
  detected: { type: 'array', items: object({ setting: TEXT, value: TEXT, why: TEXT }) },
  records: { type: 'array', description: 'The first records' },
  problem: { type: ['string', 'null'], description: 'Why it cannot be read further' },
});

const EXAMPLE = object({
  number: WHOLE,
  file: { type: ['string', 'null'] },
  line: WHOLE,
  value: { description: 'What the record has for the property' },
  message: TEXT,
});

export const REASONS: Schema = object({
  run: TEXT,
  tables: {
    type: 'object',
    additionalProperties: {
      type: 'array',
      items: object({
        property: { type: ['string', 'null'] },
        code: TEXT,
        count: WHOLE,
        examples: { type: 'array', items: { ...EXAMPLE, required: ['number', 'file', 'line', 'message'] } },
      }),
    },
  },
});

export const RETRY: Schema = {
  type: 'object',
  properties: {
    table: { ...TEXT, description: 'Only the rejects of this table; needed for corrections' },
    records: {
      type: 'array',
      minItems: 1,
      description: 'Corrected records; without them, all rejects are loaded as they are',
      items: {
        type: 'object',
        properties: { number: { type: 'integer', minimum: 1 }, record: { type: 'object' } },
        required: ['number', 'record'],
        additionalProperties: false,
      },
    },
  },
  dependentRequired: { records: ['table'] },
  additionalProperties: false,
};
