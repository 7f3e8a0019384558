/** Bulk actions on the chosen rows: first a preview of the effect on each row, then the result for each. */
import { useState } from 'preact/hooks';
import { useFrame } from '../frame/context.ts';
import { type Entity, type Property, referringTo } from '../frame/description.ts';
import { Confirmation, Problem } from '../frame/parts.tsx';
import { countOf } from '../frame/text.ts';
import { useAction } from '../frame/use-answer.ts';
import { applyPlan, type Mutation, type PlannedRow, planRows } from './bulk.ts';
import { Fields } from './fields.tsx';

interface Props {
  readonly database: string;
  readonly entity: Entity;
  /** The keys of the chosen rows. */
  readonly keys: readonly (readonly string[])[];
  onDone(): void;
}

interface Asked {
  readonly mutation: Mutation;
  readonly planned: readonly PlannedRow[];
}

export function BulkActions({ database, entity, keys, onDone }: Props) {
  const { description } = useFrame();
  const [isSetting, setSetting] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const [outcomes, setOutcomes] = useState<readonly string[]>([]);
  const action = useAction();
  const count = countOf(keys.length, 'row');
  const askFor = (mutation: Mutation) =>
    void action.run(async () => {
      const planned = await planRows(mutation, entity, referringTo(description, database, entity.name), keys);
      setOutcomes([]);
      setSetting(false);
      setAsked({ mutation, planned });
    });
  const act = (planned: readonly PlannedRow[]) => {
    setAsked(undefined);
    void action.run(async () => {
      setOutcomes(await applyPlan(entity, planned));
      onDone();
    });
  };
  const settable = entity.properties.filter(({ isWritable, isKey }) => isWritable && !isKey);
  return (
    <>
      {keys.length > 0 && asked === undefined && !isSetting && (
        <div class="actions">
          <button type="button" disabled={action.isRunning} onClick={() => askFor({ kind: 'delete' })}>
            Delete {count} …
          </button>
          {settable.length > 0 && (
            <button type="button" disabled={action.isRunning} onClick={() => setSetting(true)}>
              Change {count} …
            </button>
          )}
          <span class="quiet" role="status">
            {action.isRunning ? 'Asking the server …' : ''}
          </span>
        </div>
      )}
      {isSetting && (
        <Setting
          properties={settable}
          isDisabled={action.isRunning || keys.length === 0}
          onSubmit={(property, text) => askFor({ kind: 'set', property, text })}
          onLeave={() => setSetting(false)}
        />
      )}
      {asked !== undefined && (
        <Confirmation
          label={`${asked.mutation.kind === 'delete' ? 'Delete' : 'Change'} ${countOf(affected(asked.planned), 'row')}`}
          effect={<Effects entity={entity} {...asked} />}
          isDisabled={affected(asked.planned) === 0}
          onConfirm={() => act(asked.planned)}
          onLeave={() => setAsked(undefined)}
        />
      )}
      <div role="status">
        {outcomes.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <Problem error={action.error} />
    </>
  );
}

function affected(planned: readonly PlannedRow[]): number {
  return planned.filter(({ change }) => change !== undefined).length;
}

function Effects({ entity, mutation, planned }: Asked & { readonly entity: Entity }) {
  const others = planned.length - affected(planned);
  return (
    <>
      <p>
        {countOf(affected(planned), 'row')} will be {mutation.kind === 'delete' ? 'deleted permanently' : 'changed'}
        {others > 0 && `, ${others} will stay as they are`}.
      </p>
      <ul>
        {planned.map(({ key, effect }) => (
          <li key={key.join('/')}>
            {entity.noun} {key.join(', ')}: {effect}
          </li>
        ))}
      </ul>
    </>
  );
}

interface SettingProps {
  readonly properties: readonly Property[];
  readonly isDisabled: boolean;
  onSubmit(property: Property, text: string): void;
  onLeave(): void;
}

/** The choice of a property, and of its new value in all chosen rows. */
function Setting({ properties, isDisabled, onSubmit, onLeave }: SettingProps) {
  const [label, setLabel] = useState(properties[0]?.label ?? '');
  const [text, setText] = useState('');
  const property = properties.find((one) => one.label === label);
  const submit = (event: Event) => {
    event.preventDefault();
    if (property !== undefined) {
      onSubmit(property, text);
    }
  };
  const choose = (chosen: string) => {
    setLabel(chosen);
    setText('');
  };
  return (
    <form onSubmit={submit}>
      <label>
        Property to change{' '}
        <select value={label} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {properties.map((one) => (
            <option key={one.label}>{one.label}</option>
          ))}
        </select>
      </label>
      {property !== undefined && (
        <Fields properties={[property]} texts={{ [label]: text }} errors={[]} onInput={(_, typed) => setText(typed)} />
      )}
      <p class="actions">
        <button type="submit" class="primary" disabled={isDisabled}>
          Show what changes
        </button>
        <button type="button" onClick={onLeave}>
          Leave it
        </button>
      </p>
    </form>
  );
}
