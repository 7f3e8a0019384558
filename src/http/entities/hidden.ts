/** Hides properties and members of nested values (`hidden: true`), and keeps them where a record that was read with GET is sent back. */
import type { HiddenMembers } from '../../database/property-path.ts';
import type { EntityShape, PropertyShape } from '../../populate/record/shape.ts';
import { contentOf } from '../../shared/json/content.ts';
import { isObject } from '../../shared/json/members.ts';
import { looseName } from '../../shared/text/column-name.ts';

/** Whether rows are shown without a property. The primary key names a row, and is always shown. */
export function isLeftOut({ primaryKey }: EntityShape, { name, isHidden }: PropertyShape): boolean {
  return isHidden && !primaryKey.properties.includes(name);
}

export function hidesAny(shape: EntityShape): boolean {
  return shape.properties.some((one) => isLeftOut(shape, one) || one.hiddenMembers !== undefined);
}

/** @param value an object, a list of them, or null */
export function withoutHidden(members: HiddenMembers, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => withoutHidden(members, one));
  }
  if (!isObject(value)) {
    return value;
  }
  const shown = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    const inner = members.get(looseName(name));
    return inner === true ? [] : [[name, inner === undefined ? one : withoutHidden(inner, one)]];
  });
  return Object.fromEntries(shown);
}

/**
 * Adds hidden members of the stored value that the given one does not name. In lists, an element keeps those of the stored element that looks
 * the same.
 *
 * @param isPatch whether objects keep their members in any case, and only lists are replaced
 */
export function withHidden(members: HiddenMembers, given: unknown, stored: unknown, isPatch: boolean): unknown {
  if (Array.isArray(given)) {
    return Array.isArray(stored) ? withHiddenInList(members, given, stored) : given;
  }
  if (!isObject(given) || !isObject(stored)) {
    return given;
  }
  const completed = new Map(Object.entries(given));
  const [names, storedNames] = [given, stored].map(namesIn);
  for (const [member, inner] of members) {
    const name = names?.get(member);
    const storedName = storedNames?.get(member);
    if (storedName === undefined) {
      continue;
    }
    if (name !== undefined && inner !== true) {
      completed.set(name, withHidden(inner, given[name], stored[storedName], isPatch));
    } else if (name === undefined && inner === true && !isPatch) {
      completed.set(storedName, stored[storedName]);
    }
  }
  return Object.fromEntries(completed);
}

/** Loose name -> name. */
function namesIn(object: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map(Object.keys(object).map((name) => [looseName(name), name]));
}

function withHiddenInList(
  members: HiddenMembers,
  given: readonly unknown[],
  stored: readonly unknown[],
): readonly unknown[] {
  const left = stored.map((one) => ({ one, content: contentOf(withoutHidden(members, one)) }));
  return given.map((one) => {
    const content = contentOf(withoutHidden(members, one));
    const index = left.findIndex((other) => other.content === content);
    const [same] = index === -1 ? [] : left.splice(index, 1);
    return same === undefined ? one : withHidden(members, one, same.one, false);
  });
}
