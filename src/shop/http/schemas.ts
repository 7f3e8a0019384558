/** Schemas that several routes of the shop use. */
import type { Schema } from '../../module.ts';

export const TEXT = { type: 'string' } as const;
export const WHOLE = { type: 'integer' } as const;
export const OPTIONAL_TEXT = { type: ['string', 'null'] } as const;
export const ID = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

/** A query parameter with a date (UTC), or a time with a zone. */
export const INSTANT = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2}))?$',
} as const;

/** An id in a path, where everything is text. */
export const ID_PARAM = { type: 'string', pattern: '^[1-9]\\d{0,15}$' } as const;

export const REGION_PARAM = { region: { ...TEXT, description: 'The name of a region, such as boston' } } as const;

export const NO_REGION = { 404: { description: 'There is no such region' } } as const;

/** An object whose members are all required, except the optional ones. */
export function objectOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** A request body without other members. */
export function requestOf(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { ...objectOf(properties, optional), additionalProperties: false };
}

export const NAMES = { type: 'array', items: TEXT, minItems: 1, uniqueItems: true } as const;

/** Region -> its data, or the error if it cannot be read. */
export const BY_REGION = { type: 'object', additionalProperties: { type: ['object', 'null'] } } as const;

export const SHIPPING = objectOf({
  isOn: { type: 'boolean', description: 'Whether this server ships whatever comes' },
  error: { ...OPTIONAL_TEXT, description: 'Why it does not any more' },
});
