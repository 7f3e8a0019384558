/** Deletes or changes several rows, with one request per row, provided that a row still has the version in the preview. */
import { ask, read, withQuery } from '../frame/api.ts';
import { type Entity, type Property, type Referring, type Row, rowPath } from '../frame/description.ts';
import { asApiError } from '../frame/use-answer.ts';
import { faultsIn, patchOf, textsOf, wholeIn } from './form.ts';

export type Mutation =
  | { readonly kind: 'delete' }
  | { readonly kind: 'set'; readonly property: Property; readonly text: string };

export interface PlannedRow {
  readonly key: readonly string[];
  readonly etag: string | undefined;
  /** The planned effect on the row, or the reason why there is none. */
  readonly effect: string;
  /** The change to send; `undefined` if there is none. */
  readonly change: Row | 'delete' | undefined;
}

/** @param referring the properties that refer to the entity */
export async function planRows(
  mutation: Mutation,
  entity: Entity,
  referring: readonly Referring[],
  keys: readonly (readonly string[])[],
): Promise<readonly PlannedRow[]> {
  const planned: PlannedRow[] = [];
  for (const key of keys) {
    planned.push(await planRow(mutation, entity, referring, key));
  }
  return planned;
}

async function planRow(
  mutation: Mutation,
  entity: Entity,
  referring: readonly Referring[],
  key: readonly string[],
): Promise<PlannedRow> {
  try {
    const { body, etag } = await ask<Row>('GET', rowPath(entity, key));
    return { key, etag, ...(mutation.kind === 'delete' ? await deletion(referring, key) : change(mutation, body)) };
  } catch (error) {
    return { key, etag: undefined, effect: asApiError(error).message, change: undefined };
  }
}

type Effect = Pick<PlannedRow, 'effect' | 'change'>;

async function deletion(referring: readonly Referring[], [key = '', ...others]: readonly string[]): Promise<Effect> {
  const unknown: string[] = [];
  for (const { database, entity, property } of others.length > 0 ? [] : referring) {
    const name = `${entity.name} in ${database}, by ${property.label}`;
    if (!property.isIndexed) {
      unknown.push(name);
    } else if (await isReferredTo(entity, property, key)) {
      return { effect: `kept: ${name}, refers to it`, change: undefined };
    }
  }
  const unless = unknown.length === 0 ? '' : `, unless a row refers to it that has no index: ${unknown.join('; ')}`;
  return { effect: `deleted${unless}`, change: 'delete' };
}

async function isReferredTo({ path }: Entity, { label }: Property, key: string): Promise<boolean> {
  const { rows } = await read<{ readonly rows: readonly Row[] }>(
    withQuery(path, { [`filter.${label}`]: key, limit: 1 }),
  );
  return rows.length > 0;
}

function change({ property, text }: Mutation & { readonly kind: 'set' }, row: Row): Effect {
  const [fault] = faultsIn([property], { [property.label]: text });
  if (fault !== undefined) {
    return { effect: `unchanged: ${fault.message}`, change: undefined };
  }
  const before = textsOf([property], row);
  const patch = patchOf([property], before, { [property.label]: text });
  const words = `${property.label} ${shown(before[property.label])}`;
  return Object.keys(patch).length === 0
    ? { effect: `unchanged: ${words} already`, change: undefined }
    : { effect: `${words} becomes ${shown(text)}`, change: patch };
}

function shown(text: string | undefined): string {
  return text === undefined || text === '' ? 'without a value' : `“${text}”`;
}

/** Applies all changes; a failure does not stop the others. @returns a sentence per row with the result */
export async function applyPlan(entity: Entity, planned: readonly PlannedRow[]): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const one of planned) {
    sentences.push(`${entity.noun} ${one.key.join(', ')}: ${await applied(entity, one)}`);
  }
  return sentences;
}

async function applied(entity: Entity, { key, etag, effect, change: body }: PlannedRow): Promise<string> {
  if (body === undefined) {
    return effect;
  }
  const headers = etag === undefined ? {} : { 'if-match': etag };
  try {
    await (body === 'delete'
      ? ask('DELETE', rowPath(entity, key), { headers })
      : ask('PATCH', withQuery(rowPath(entity, key), { replace: wholeIn(entity.properties, body) }), {
          body,
          headers,
        }));
    return body === 'delete' ? 'deleted.' : 'changed.';
  } catch (error) {
    const { status, message, errors } = asApiError(error);
    return status === 412
      ? 'kept: it has been changed since the preview.'
      : [message, ...errors.map((one) => one.message).filter((text) => !message.includes(text))].join(' ');
  }
}
