/**
 * A row, with its values, the rows that it refers to, and those that refer to it. It is changed and deleted only if it still has the shown
 * version.
 */
import { useEffect, useState } from 'preact/hooks';
import { ask, refuseFaults, withQuery } from '../frame/api.ts';
import { useFrame, useMayWrite } from '../frame/context.ts';
import { type Entity, entityIn, type Property, type Row, referringTo, rowPath, valueAt } from '../frame/description.ts';
import { Command, Confirmed, Empty, Problem, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { textOf } from '../frame/text.ts';
import { useAction, useAnswer } from '../frame/use-answer.ts';
import { Fields } from './fields.tsx';
import { faultsIn, patchOf, type Texts, textsOf, wholeIn } from './form.ts';
import { isDangling, listCommand, referencesOf } from './list-state.ts';

interface Props {
  readonly database: string;
  readonly entity: Entity;
  readonly rowKey: readonly string[];
}

export function RowScreen({ database, entity, rowKey }: Props) {
  const path = rowPath(entity, rowKey);
  const row = useAnswer<Row>(path);
  const { query } = useFrame().place;
  const list = hashOf(['data', database, entity.name], query);
  return (
    <>
      <p class="above">
        <a href="#/data">Data</a> / {database} / <a href={list}>{entity.name}</a>
      </p>
      <h1>
        {entity.noun} {rowKey.join(', ')}
      </h1>
      {row.value === undefined && (row.error === undefined ? <Waiting /> : <Problem error={row.error} />)}
      {row.value !== undefined && (
        <RowForm
          database={database}
          entity={entity}
          path={path}
          row={row.value}
          etag={row.etag}
          onChange={row.reload}
          onDelete={() => {
            location.hash = list;
          }}
        />
      )}
      {row.value !== undefined && <ReferringRows database={database} entity={entity} rowKey={rowKey} />}
      <Command>{listCommand(database, entity, keyFilter(entity, rowKey))}</Command>
    </>
  );
}

function keyFilter({ key }: Entity, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(key.map((name, index) => [`filter.${name}`, values[index] ?? '']));
}

interface FormProps {
  readonly database: string;
  readonly entity: Entity;
  readonly path: string;
  readonly row: Row;
  readonly etag: string | undefined;
  onChange(): void;
  onDelete(): void;
}

function RowForm({ entity, path, row, etag, onChange, onDelete }: FormProps) {
  const before = textsOf(entity.properties, row);
  const [texts, setTexts] = useState<Texts>(before);
  const [isSaved, setSaved] = useState(false);
  const action = useAction();
  const mayWrite = useMayWrite();
  // a newly read row replaces the input
  useEffect(() => setTexts(before), [row]);
  const expand = referencesOf(entity);
  const related = useAnswer<Row>(expand === undefined ? undefined : withQuery(path, { expand }));
  const patch = patchOf(entity.properties, before, texts);
  const isChanged = Object.keys(patch).length > 0;
  const headers = etag === undefined ? {} : { 'if-match': etag };
  const readAgain = () => {
    action.clear();
    onChange();
    related.reload();
  };
  const save = (event: Event) => {
    event.preventDefault();
    void action
      .run(async () => {
        refuseFaults(faultsIn(entity.properties, texts));
        await ask('PATCH', withQuery(path, { replace: wholeIn(entity.properties, patch) }), { body: patch, headers });
        readAgain();
      })
      .then(setSaved);
  };
  const remove = () =>
    void action.run(async () => {
      await ask('DELETE', path, { headers });
      onDelete();
    });
  return (
    <form onSubmit={save}>
      <Fields
        properties={entity.properties.map((one) => (one.isKey ? { ...one, isWritable: false } : one))}
        texts={texts}
        errors={action.error?.errors ?? []}
        isReadOnly={!mayWrite}
        note={(property) => <Reference property={property} row={row} related={related.value} />}
        onInput={(label, text) => {
          setSaved(false);
          setTexts({ ...texts, [label]: text });
        }}
      />
      {action.error?.status === 412 ? (
        <Conflict noun={entity.noun} onReadAgain={readAgain} />
      ) : (
        <Problem error={action.error} />
      )}
      {mayWrite && (
        <div class="actions">
          <button type="submit" class="primary" disabled={!isChanged || action.isRunning}>
            Save
          </button>
          <button type="button" disabled={!isChanged} onClick={() => setTexts(before)}>
            Undo changes
          </button>
          <Confirmed
            label="Delete"
            effect={`This ${entity.noun} is deleted permanently. It is kept if another row of any database refers to it.`}
            isDisabled={action.isRunning}
            onConfirm={remove}
          />
          <span role="status">{isSaved && !isChanged ? 'Saved.' : ''}</span>
        </div>
      )}
    </form>
  );
}

function Conflict({ noun, onReadAgain }: { readonly noun: string; onReadAgain(): void }) {
  return (
    <div class="problem" role="alert">
      <p>
        Another client has changed this {noun} since it was read, so nothing was saved. Reading it again replaces what
        was typed.
      </p>
      <button type="button" onClick={onReadAgain}>
        Read it again
      </button>
    </div>
  );
}

interface ReferenceProps {
  readonly property: Property;
  readonly row: Row;
  /** The row with the rows that it refers to, from a separate request. */
  readonly related: Row | undefined;
}

function Reference({ property, row, related }: ReferenceProps) {
  const { description } = useFrame();
  const { target, label } = property;
  const value = valueAt(row, property.path);
  if (target === null || value === null || value === undefined) {
    return null;
  }
  // until it is read again, the expanded row may belong to another value
  const expanded = related !== undefined && textOf(valueAt(related, property.path)) === textOf(value) ? related : row;
  if (isDangling(property, value, expanded)) {
    return (
      <span class="dangling">
        <span class="mark">▲ dangling</span> There is no {target.entity} {textOf(value)} in {target.database}.
      </span>
    );
  }
  const found = (expanded['_related'] as Readonly<Record<string, Row | null>> | undefined)?.[label];
  const name = found ? nameOf(found, entityIn(description, target.database, target.entity)) : '';
  return (
    <a href={hashOf(['data', target.database, target.entity, textOf(value)])}>
      {target.entity} {textOf(value)}
      {name === '' ? '' : ` · ${name}`}
    </a>
  );
}

/** The name of a row, or else its first text. */
function nameOf({ name, ...others }: Row, entity: Entity | undefined): string {
  const values = Object.entries(others).filter(([property]) => entity?.key.includes(property) !== true);
  return String(
    [name, ...values.map(([, value]) => value)].find((value) => typeof value === 'string' && !/^[\d-]/.test(value)) ??
      '',
  );
}

function ReferringRows({ database, entity, rowKey }: Props) {
  const { description } = useFrame();
  const [key] = rowKey;
  const referring = referringTo(description, database, entity.name);
  if (referring.length === 0 || rowKey.length !== 1 || key === undefined) {
    return null;
  }
  return (
    <>
      <h2>Referred to by</h2>
      <ul class="referring">
        {referring.map((one) => (
          <li key={`${one.database}.${one.entity.name}.${one.property.label}`}>
            {one.property.isIndexed ? (
              <a href={hashOf(['data', one.database, one.entity.name], { [`filter.${one.property.label}`]: key })}>
                {one.entity.name} in {one.database}, by {one.property.label}
              </a>
            ) : (
              <>
                {one.entity.name} in {one.database}, by {one.property.label}{' '}
                <span class="quiet">which has no index to list them by</span>
              </>
            )}
          </li>
        ))}
      </ul>
      {description.databases.some(({ state }) => state === 'failing') && (
        <Empty>Databases that cannot be read may have rows that refer to it as well.</Empty>
      )}
    </>
  );
}
