/** Completes the nested values of a record that replaces or patches a row with the hidden members that the row has stored. */
import type { Values } from '../../database/values.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { withHidden } from './hidden.ts';
import { changed, loadedRecord } from './json-texts.ts';
import { fullRepresentationOf, pathTo } from './representation.ts';
import type { Resource } from './resource.ts';

/** @param isPatch whether the record is a merge patch */
export function withHiddenMembers(resource: Resource, record: Values, before: Values, isPatch: boolean): Values {
  const { shape } = resource;
  const stored = storedRecord(resource, before);
  return shape.properties.reduce((given, { name, label, hiddenMembers }) => {
    const path = pathTo(name, label);
    return hiddenMembers === undefined
      ? given
      : changed(given, path, (value) => withHidden(hiddenMembers, value, valueAt(stored, path), isPatch));
  }, record);
}

function valueAt(record: Values, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), record);
}

/** The record that a stored row would be of. */
export function storedRecord({ shape, table }: Resource, row: Values): Values {
  const json = parseExactJson(JSON.stringify(fullRepresentationOf(shape, row))) as Values;
  return loadedRecord({ shape, table }, json);
}
