/** Finds the value of a rejected record that an error is about. */
import { HIDDEN_VALUE } from '../../database/property-path.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { Columns } from '../record/columns.ts';
import type { EntityShape } from '../record/shape.ts';
import type { ValueIn } from './group-rejects.ts';

/** @returns a function that finds the column of a property as a load does */
export function valueFinder(shape: EntityShape): ValueIn {
  const { properties, embedded } = shape;
  const columns = new Columns(shape);
  return (record, property, map) => {
    if (!isJsonObject(record)) {
      return record;
    }
    const flat = embedded?.flatten(record) ?? record;
    const names = Object.keys(flat);
    const { indexes } = columns.layoutOf(names, map);
    const index = properties.findIndex(({ name, label }) => name === property || label === property);
    if (properties[index]?.isSecret === true) {
      return HIDDEN_VALUE;
    }
    return flat[names[indexes[index] ?? -1] ?? property];
  };
}
