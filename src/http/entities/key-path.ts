/** The primary key of a row in a path, with one segment per property. */
import type { Values } from '../../database/values.ts';
import type { EntityShape, PropertyShape } from '../../populate/record/shape.ts';
import { shown } from '../../shared/text/visible.ts';
import { capitalised } from '../../shared/text/words.ts';
import { Problem } from '../problem.ts';
import { representationOf } from './representation.ts';

/** @returns property -> value @throws Problem 404 for segments that are not a key */
export function readKeyPath(shape: EntityShape, segments: readonly string[]): Values {
  const { properties } = shape.primaryKey;
  if (segments.length !== properties.length) {
    throw new Problem(
      404,
      'unknown',
      `The key of ${shape.noun} has ${properties.length} ${properties.length === 1 ? 'part' : 'parts'} (${properties.join(', ')}), and the path has ${segments.length}.`,
    );
  }
  const key: Record<string, unknown> = {};
  let index = 0;
  for (const property of keyPropertiesOf(shape)) {
    key[property.name] = partOf(shape, property, segments[index] ?? '');
    index++;
  }
  return key;
}

const keyProperties = new WeakMap<EntityShape, readonly PropertyShape[]>();

function keyPropertiesOf(shape: EntityShape): readonly PropertyShape[] {
  let found = keyProperties.get(shape);
  if (found === undefined) {
    found = shape.primaryKey.properties.map((name) => shape.stored.find((one) => one.name === name) as PropertyShape);
    keyProperties.set(shape, found);
  }
  return found;
}

function partOf(shape: EntityShape, property: PropertyShape, text: string): unknown {
  const value = text === '' || text.includes('\0') || !text.isWellFormed() ? undefined : property.coerce.from(text);
  if (value === undefined || property.problem?.(value) !== undefined) {
    throw new Problem(
      404,
      'unknown',
      `There is no ${shape.noun} "${shown(text)}": ${property.name} is ${property.coerce.expected}.`,
    );
  }
  return value;
}

/** The problem for a row that does not exist. */
export function missingRow(shape: EntityShape, key: Values): Problem {
  const text = shape.primaryKey.shown(shape.primaryKey.of(key));
  return new Problem(404, 'unknown', `${capitalised(shape.noun)} ${shown(String(text))} does not exist.`);
}

/** The path of a row, relative to that of its entity. */
export function keyPathOf(shape: EntityShape, row: Values): string {
  const shownRow = representationOf(shape, row);
  return shape.primaryKey.properties.map((name) => encodeURIComponent(textOf(shownRow[name]))).join('/');
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
