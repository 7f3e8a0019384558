/** Completes the nested values of a record that replaces or patches a row with the hidden members that the row has stored. */
import type { EntityProperty } from '@mikro-orm/core';
import type { HiddenMembers } from '../../database/property-path.ts';
import type { Values } from '../../database/values.ts';
import { readNestedJson } from '../../populate/read/json-value.ts';
import { withStoredNames } from '../../populate/record/embedded-json.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import { withHidden } from './hidden.ts';
import { changed, loadedRecord } from './json-texts.ts';
import { fullRepresentationOf, pathTo } from './representation.ts';
import type { Resource } from './resource.ts';

/** @param isPatch whether the record is a merge patch */
export function withHiddenMembers(resource: Resource, record: Values, before: Values, isPatch: boolean): Values {
  const { shape, table } = resource;
  const stored = storedRecord(resource, before);
  return shape.properties.reduce((given, { name, label, hiddenMembers }) => {
    const property = table.metadata.properties[name as never] as EntityProperty | undefined;
    if (hiddenMembers === undefined || property === undefined) {
      return given;
    }
    const path = pathTo(name, label);
    return changed(given, path, (value) =>
      typeof value === 'string'
        ? textWithHidden(property, hiddenMembers, value, valueAt(stored, path))
        : withHidden(hiddenMembers, value, valueAt(stored, path), isPatch),
    );
  }, record);
}

/** JSON text replaces the stored value as a whole, also in a patch. */
function textWithHidden(property: EntityProperty, members: HiddenMembers, text: string, stored: unknown): string {
  const read = readNestedJson(text);
  return 'value' in read
    ? JSON.stringify(withHidden(members, withStoredNames(property, read.value), stored, false))
    : text;
}

function valueAt(record: Values, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), record);
}

/** The record that a stored row would be of. */
export function storedRecord({ shape, table }: Resource, row: Values): Values {
  const json = parseExactJson(JSON.stringify(fullRepresentationOf(shape, row))) as Values;
  return loadedRecord({ shape, table }, json);
}
