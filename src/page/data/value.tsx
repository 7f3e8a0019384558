import type { Property, Row } from '../frame/description.ts';
import { hashOf } from '../frame/place.ts';
import { textOf } from '../frame/text.ts';
import { isDangling } from './list-state.ts';

/** A value in a cell. References are links, and dangling ones are marked. */
export function Value({
  property,
  value,
  row,
}: {
  readonly property: Property;
  readonly value: unknown;
  readonly row: Row;
}) {
  const { target } = property;
  if (value === null || value === undefined) {
    return <span class="none">null</span>;
  }
  if (isDangling(property, value, row)) {
    return (
      <span class="dangling" title={`There is no ${target?.entity} ${textOf(value)} in ${target?.database}.`}>
        {textOf(value)} <span class="mark">▲ dangling</span>
      </span>
    );
  }
  return target === null ? (
    <span>{textOf(value)}</span>
  ) : (
    <a href={hashOf(['data', target.database, target.entity, textOf(value)])}>{textOf(value)}</a>
  );
}
