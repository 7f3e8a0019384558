/** The data screen: the rows of every entity. */
import { useFrame } from '../frame/context.ts';
import { entityIn } from '../frame/description.ts';
import { Command, Empty } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { EntityList } from './list.tsx';
import { NewRow } from './new-row.tsx';
import { RowScreen } from './row.tsx';

export function EntityScreen() {
  const { place, description } = useFrame();
  const [, database, name, ...key] = place.path;
  if (database === undefined || name === undefined) {
    return <Entities only={database} />;
  }
  const entity = entityIn(description, database, name);
  if (entity === undefined) {
    const of = description.databases.find((one) => one.database === database);
    return (
      <>
        <h1>{name}</h1>
        <Empty>
          {of === undefined
            ? `There is no database ${database}. `
            : (of.reason ?? `${database} has no entity ${name}. `)}{' '}
          <a href="#/data">All entities</a>
        </Empty>
      </>
    );
  }
  if (key.length > 0) {
    return <RowScreen key={key.join('/')} database={database} entity={entity} rowKey={key} />;
  }
  return 'new' in place.query ? (
    <NewRow database={database} entity={entity} />
  ) : (
    <EntityList database={database} entity={entity} />
  );
}

/** @param only the database in the address; the others are not shown */
function Entities({ only }: { readonly only: string | undefined }) {
  const { databases: all } = useFrame().description;
  const databases = all.filter(({ database }) => only === undefined || database === only);
  return (
    <>
      <h1>{only ?? 'Data'}</h1>
      {only !== undefined && (
        <Empty>
          {databases.length === 0 && `There is no database ${only}. `}
          <a href="#/data">All entities</a>
        </Empty>
      )}
      {all.length === 0 && (
        <Empty>
          The configuration names no database. Make one with <code>npx meridian init</code>.
        </Empty>
      )}
      <dl class="entities">
        {databases.map(({ database, entities, reason }) => (
          <div key={database}>
            <dt>{database}</dt>
            {entities.map(({ name, properties }) => (
              <dd key={name}>
                <a href={hashOf(['data', database, name])}>{name}</a>{' '}
                <span class="quiet">{properties.map(({ label }) => label).join(', ')}</span>
              </dd>
            ))}
            {entities.length === 0 && <dd class="quiet">{reason ?? 'It has no entity.'}</dd>}
          </div>
        ))}
      </dl>
      <Command>npx meridian config print</Command>
    </>
  );
}
