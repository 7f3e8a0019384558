/** Converts conditions to MongoDB filters. The other engines follow MongoDB's semantics of paths and lists. */
import type { Filter } from 'mongodb';
import type { Condition, Operator } from '../condition.ts';
import type { DocumentQuery } from '../store.ts';
import type { MongodbDocument } from './collections.ts';

const OPERATORS: Readonly<Record<Operator, string>> = {
  '=': '$eq',
  '!=': '$ne',
  '>': '$gt',
  '>=': '$gte',
  '<': '$lt',
  '<=': '$lte',
};

export function filterOf({ region, userId, from, to, conditions = [] }: DocumentQuery): Filter<MongodbDocument> {
  const filters: object[] = [
    ...(region === undefined ? [] : [{ region: { $eq: region } }]),
    ...(userId === undefined ? [] : [{ userId: { $eq: userId } }]),
    ...(from === undefined ? [] : [{ placedAt: { $gte: from } }]),
    ...(to === undefined ? [] : [{ placedAt: { $lte: to } }]),
    ...conditions.map(conditionOf),
  ];
  return (filters.length === 0 ? {} : { $and: filters }) as Filter<MongodbDocument>;
}

function conditionOf(condition: Condition): object {
  const path = condition.path.join('.');
  if (condition.kind === 'exists') {
    return { [path]: { $exists: condition.isThere } };
  }
  const { operator, value } = condition;
  if (value === null) {
    // a comparison with null would also match missing fields
    const isNull = { $type: 'null' };
    return { [path]: operator === '!=' ? { $not: isNull } : isNull };
  }
  return { [path]: { [OPERATORS[operator]]: value } };
}
