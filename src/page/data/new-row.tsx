import { useState } from 'preact/hooks';
import { ask, refuseFaults } from '../frame/api.ts';
import { useFrame, useMayWrite } from '../frame/context.ts';
import { type Entity, keyOf, type Row } from '../frame/description.ts';
import { Command, Empty, Problem } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { useAction } from '../frame/use-answer.ts';
import { Fields } from './fields.tsx';
import { createCommand, faultsIn, recordOf, type Texts } from './form.ts';

export function NewRow({ database, entity }: { readonly database: string; readonly entity: Entity }) {
  const [texts, setTexts] = useState<Texts>({});
  const action = useAction();
  const mayWrite = useMayWrite();
  const properties = entity.properties.filter(({ isWritable }) => isWritable);
  const { new: _, ...query } = useFrame().place.query;
  const path = ['data', database, entity.name];
  const list = hashOf(path, query);
  const create = (event: Event) => {
    event.preventDefault();
    void action.run(async () => {
      refuseFaults(faultsIn(properties, texts));
      const { body } = await ask<Row>('POST', entity.path, { body: recordOf(properties, texts) });
      location.hash = hashOf([...path, ...keyOf(entity, body)], query);
    });
  };
  const form = (
    <form onSubmit={create}>
      <Fields
        properties={properties}
        texts={texts}
        errors={action.error?.errors ?? []}
        onInput={(label, text) => setTexts({ ...texts, [label]: text })}
      />
      <Problem error={action.error} />
      <p class="actions">
        <button type="submit" class="primary" disabled={action.isRunning}>
          Create
        </button>
        <a class="button" href={list}>
          Cancel
        </a>
      </p>
    </form>
  );
  return (
    <>
      <p class="above">
        <a href="#/data">Data</a> / {database} / <a href={list}>{entity.name}</a>
      </p>
      <h1>New {entity.noun}</h1>
      {mayWrite ? form : <Empty>Creating a row needs a token with the role operate.</Empty>}
      <Command>{createCommand(entity, properties, texts)}</Command>
    </>
  );
}
