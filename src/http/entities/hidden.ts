/** Hides properties and members of nested values (`hidden: true`), and keeps them where a record that was read with GET is sent back. */
import type { HiddenMembers } from '../../database/property-path.ts';
import type { EntityShape, PropertyShape } from '../../populate/record/shape.ts';
import { contentOf } from '../../shared/json/content.ts';
import { isObject } from '../../shared/json/members.ts';

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
  const shown = Object.entries(value).filter(([name]) => members[name] !== true);
  return Object.fromEntries(
    shown.map(([name, one]) => {
      const inner = members[name];
      return [name, inner === undefined || inner === true ? one : withoutHidden(inner, one)];
    }),
  );
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
  const completed: Record<string, unknown> = { ...given };
  for (const [name, inner] of Object.entries(members)) {
    if (!Object.hasOwn(given, name)) {
      if (!isPatch && inner === true && Object.hasOwn(stored, name)) {
        completed[name] = stored[name];
      }
    } else if (inner !== true) {
      completed[name] = withHidden(inner, given[name], stored[name], isPatch);
    }
  }
  return completed;
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
