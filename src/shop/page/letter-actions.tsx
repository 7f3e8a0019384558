/** Retries and discards of the chosen dead letters, after a preview of each. */
import { useState } from 'preact/hooks';
import { asApiError, ask, Confirmation, countOf, Problem, useAction } from '../../page/module.tsx';
import {
  type DeadLetter,
  discardSentence,
  LETTERS,
  type Preview,
  previewOf,
  retrySentence,
  subjectOf,
} from './dead-letter.ts';

type Verb = 'retry' | 'discard';

interface Props {
  readonly letters: readonly DeadLetter[];
  onDone(sentences: readonly string[]): void;
}

interface Asked {
  readonly verb: Verb;
  readonly previews: ReadonlyMap<number, Preview>;
}

export function LetterActions({ letters, onDone }: Props) {
  const [asked, setAsked] = useState<Asked>();
  const action = useAction();
  const count = countOf(letters.length, 'event');
  const askFor = (verb: Verb) =>
    void action.run(async () => {
      const previews = new Map<number, Preview>();
      for (const letter of letters) {
        previews.set(letter.id, await previewOf(letter));
      }
      setAsked({ verb, previews });
    });
  const act = (verb: Verb) => {
    setAsked(undefined);
    void action.run(async () => onDone(await actOnAll(verb, letters)));
  };
  return (
    <>
      {asked === undefined ? (
        <div class="actions">
          <button type="button" disabled={letters.length === 0 || action.isRunning} onClick={() => askFor('retry')}>
            {letters.length === 0 ? 'Apply again …' : `Apply ${count} again …`}
          </button>
          <button type="button" disabled={letters.length === 0 || action.isRunning} onClick={() => askFor('discard')}>
            {letters.length === 0 ? 'Discard …' : `Discard ${count} …`}
          </button>
          <span class="quiet" role="status">
            {action.isRunning ? 'Reading what it would do …' : letters.length === 0 ? 'Choose events first.' : ''}
          </span>
        </div>
      ) : (
        <Confirmation
          label={asked.verb === 'retry' ? `Apply ${count} again` : `Discard ${count}`}
          effect={<Effects letters={letters} {...asked} />}
          onConfirm={() => act(asked.verb)}
          onLeave={() => setAsked(undefined)}
        />
      )}
      <Problem error={action.error} />
    </>
  );
}

function Effects({ letters, verb, previews }: { readonly letters: readonly DeadLetter[] } & Asked) {
  const found = [...previews.values()];
  const applied = found.filter(({ result }) => result === 'applied').length;
  const lead =
    verb === 'discard'
      ? `${countOf(letters.length, 'event')} will be deleted permanently.`
      : `${countOf(applied, 'event')} will be applied, ${found.length - applied} will not.`;
  return (
    <>
      <p>{lead}</p>
      <ul>
        {letters.map((letter) => {
          const preview = previews.get(letter.id);
          return preview === undefined ? null : (
            <li key={letter.id}>
              {letter.region}: {verb === 'retry' ? retrySentence(letter, preview) : discardSentence(letter, preview)}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** Acts on all letters; a failure does not stop the others. */
async function actOnAll(verb: Verb, letters: readonly DeadLetter[]): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const letter of letters) {
    const subject = `${letter.region}, ${subjectOf(letter)}`;
    try {
      const { body } = await ask<{ readonly result?: string; readonly reason?: string | null }>(
        'POST',
        `${LETTERS}/${letter.id}/${verb}`,
      );
      sentences.push(
        body.reason ? `${subject}: refused again: ${body.reason}` : `${subject}: ${body.result ?? 'discarded'}.`,
      );
    } catch (error) {
      sentences.push(`${subject}: ${asApiError(error).message}`);
    }
  }
  return sentences;
}
