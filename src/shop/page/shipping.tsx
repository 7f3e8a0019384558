/** Ships the events of the regions, once or continuously. */
import { useState } from 'preact/hooks';
import { ask, Confirmed, countOf, Problem, useAction } from '../../page/module.tsx';
import { isKnown, type Regions } from './region-state.ts';
import { type Synced, syncSentences } from './synced.ts';

export function Shipping({ state: { regions, shipping } }: { readonly state: Regions }) {
  const action = useAction();
  const [notes, setNotes] = useState<readonly string[]>([]);
  const sync = () =>
    void action.run(async () => {
      setNotes([]);
      const { body } = await ask<Synced>('POST', '/api/shop/sync', { accepts: [503] });
      setNotes(syncSentences(body));
    });
  const turn = (isOn: boolean) =>
    void action.run(async () => {
      await ask('POST', '/api/shop/shipping', { body: { isOn } });
      setNotes([]);
    });
  return (
    <>
      <div class="actions">
        <Confirmed label="Ship now" effect={shipEffect(regions)} isDisabled={action.isRunning} onConfirm={sync} />
        {shipping.isOn ? (
          <Confirmed
            label="Stop shipping"
            effect="The relays of this server end after their current batches. What is sold then waits in the regions."
            isDisabled={action.isRunning}
            onConfirm={() => turn(false)}
          />
        ) : (
          <Confirmed
            label="Keep shipping"
            effect="Relays of all regions run in this server, with central and the feed of the document store, until they are stopped or the server ends. Regions and databases that do not exist yet are met as they come."
            isDisabled={action.isRunning}
            onConfirm={() => turn(true)}
          />
        )}
        <span class="quiet">
          {shipping.isOn ? 'This server ships whatever comes.' : 'This server ships on request only.'}
        </span>
      </div>
      {shipping.error !== null && <p class="wrong">Shipping has ended: {shipping.error}</p>}
      <div role="status">
        {action.isRunning && <p class="quiet">Shipping …</p>}
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      <Problem error={action.error} />
    </>
  );
}

/** The effect of shipping once, by region. */
function shipEffect(regions: Regions['regions']): string {
  const known = Object.entries(regions).flatMap(([name, region]) => (isKnown(region) ? [{ name, ...region }] : []));
  const stays = known.filter(({ isDisconnected, relay }) => isDisconnected || relay === 'paused');
  const ships = known.filter((one) => !stays.includes(one) && one.unshipped > 0);
  const shipped =
    ships.length === 0
      ? 'No region has anything to ship.'
      : `${ships.map(({ name, unshipped }) => `${countOf(unshipped, 'event')} of ${name}`).join(', ')} ${ships.length === 1 && ships[0]?.unshipped === 1 ? 'goes' : 'go'} to central.`;
  const kept = stays.map(({ name, isDisconnected }) => `${name} is ${isDisconnected ? 'disconnected' : 'paused'}`);
  return `${shipped} Documents that wait go to their store.${kept.length === 0 ? '' : ` Nothing is shipped of others: ${kept.join(', ')}.`}`;
}
