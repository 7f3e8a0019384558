/** The events that central could not apply: why, what they say, and what becomes of them. */
import { useState } from 'preact/hooks';
import { ask, withQuery } from '../../page/frame/api.ts';
import { useFrame, useMayWrite } from '../../page/frame/context.ts';
import { Command, Confirmed, Empty, Problem, Waiting } from '../../page/frame/parts.tsx';
import { hashOf } from '../../page/frame/place.ts';
import { formatInstant, shellWord } from '../../page/frame/text.ts';
import { useAction, useAnswer } from '../../page/frame/use-answer.ts';

interface DeadLetter {
  readonly id: number;
  readonly region: string;
  readonly epoch: number;
  readonly seq: number;
  readonly error: string;
  readonly attempts: number;
  readonly parkedAt: string | null;
  readonly event: unknown;
}

const ALL = '/api/shop/dead-letters';

export function DeadLetters() {
  const { region } = useFrame().place.query;
  const answer = useAnswer<{ readonly deadLetters: readonly DeadLetter[] }>(withQuery(ALL, { region }));
  const [note, setNote] = useState('');
  const letters = answer.value?.deadLetters;
  const done = (text: string) => {
    setNote(text);
    answer.reload();
  };
  return (
    <>
      <h1>Dead letters</h1>
      <p class="lead">
        Events that central could not apply. The rest of a region goes on; central lacks only what these say.
      </p>
      {region !== undefined && (
        <p>
          Only of {region}. <a href={hashOf(['dead-letters'])}>Of all regions</a>
        </p>
      )}
      {letters === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {letters?.length === 0 && <Empty>There is none: central has applied everything that it has received.</Empty>}
      <p role="status">{note}</p>
      {letters?.map((letter) => (
        <Letter key={letter.id} letter={letter} onDone={done} />
      ))}
      <Command>
        {`npx meridian dead-letters list${region === undefined ? '' : ` --region ${shellWord(region)}`}`}
      </Command>
    </>
  );
}

function Letter({ letter, onDone }: { readonly letter: DeadLetter; onDone(note: string): void }) {
  const { id, region, epoch, seq, error, attempts, parkedAt, event } = letter;
  const action = useAction();
  const mayWrite = useMayWrite();
  const retry = () =>
    void action.run(async () => {
      const { body } = await ask<{ readonly result: string; readonly reason: string | null }>(
        'POST',
        `${ALL}/${id}/retry`,
      );
      onDone(body.reason === null ? `Event ${id} is ${body.result}.` : `Event ${id} is refused again: ${body.reason}`);
    });
  const discard = () =>
    void action.run(async () => {
      await ask('POST', `${ALL}/${id}/discard`);
      onDone(`Event ${id} is discarded.`);
    });
  return (
    <article>
      <h2>
        {region}, event {seq} of epoch {epoch}
      </h2>
      <p class="wrong">{error}</p>
      <p class="quiet">
        Since {formatInstant(parkedAt)} UTC, tried {attempts === 1 ? 'once' : `${attempts} times`}
      </p>
      <details>
        <summary>What it says</summary>
        <pre>{JSON.stringify(event, null, 2)}</pre>
      </details>
      {mayWrite && (
        <div class="actions">
          <button type="button" disabled={action.isRunning} onClick={retry}>
            Apply it again
          </button>
          <Confirmed
            label="Discard"
            effect={`Event ${seq} of ${region} is removed permanently. Central lacks its change until a newer event of the same row arrives, or ${region} is sent again.`}
            isDisabled={action.isRunning}
            onConfirm={discard}
          />
        </div>
      )}
      <Problem error={action.error} />
    </article>
  );
}
