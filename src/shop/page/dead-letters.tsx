/** The dead letters screen: the reasons, the events, and the effects of a retry or a discard. */
import { useEffect, useState } from 'preact/hooks';
import {
  Command,
  countOf,
  Empty,
  Figure,
  formatInstant,
  hashOf,
  Problem,
  rights,
  shellWord,
  Table,
  useAnswer,
  useFrame,
  useLive,
  useMayWrite,
  Waiting,
  withQuery,
} from '../../page/module.tsx';
import { type Central, deadLettersIn } from './central-state.ts';
import { type DeadLetter, LETTERS, subjectOf } from './dead-letter.ts';
import { LetterActions } from './letter-actions.tsx';
import { LetterDetail } from './letter-detail.tsx';
import { OnlyRegion } from './only-region.tsx';

/** The default limit of the API. */
const MAX_LISTED = 100;

export function DeadLetters() {
  const { region, letter: shown } = useFrame().place.query;
  const answer = useAnswer<{ readonly deadLetters: readonly DeadLetter[] }>(withQuery(LETTERS, { region }));
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [notes, setNotes] = useState<readonly string[]>([]);
  const mayWrite = useMayWrite();
  const count = deadLettersIn(useLive<Central>('central').value);
  // the count changes when a dead letter is added, or resolved by another process
  useEffect(() => answer.reload(), [count]);
  const letters = answer.value?.deadLetters;
  const done = (sentences: readonly string[]) => {
    setNotes(sentences);
    setChosen(new Set());
    answer.reload();
  };
  const selected = letters?.filter(({ id }) => chosen.has(id)) ?? [];
  const detail = letters?.find(({ id }) => String(id) === shown);
  return (
    <>
      <h1>Dead letters</h1>
      {letters === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {letters !== undefined && (
        <p class="lead" role="status">
          {summaryOf(letters.length, region)}
        </p>
      )}
      {region !== undefined && <OnlyRegion screen="dead-letters" region={region} />}
      {letters?.length === 0 && (
        <Empty>An event comes here after it could not be applied five times, so that it holds up no others.</Empty>
      )}
      {letters !== undefined && letters.length > 0 && (
        <LetterTable letters={letters} shown={detail?.id} chosen={chosen} onChoose={setChosen} />
      )}
      <div role="status">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      {mayWrite && letters !== undefined && letters.length > 0 && (
        <LetterActions key={selected.map(({ id }) => id).join()} letters={selected} onDone={done} />
      )}
      {letters !== undefined && shown !== undefined && detail === undefined && (
        <Empty>Dead letter {shown} is not among these: it has been retried or discarded, or there was none.</Empty>
      )}
      {detail !== undefined && <LetterDetail key={detail.id} letter={detail} />}
      <Command>{commandOf(region, detail, selected)}</Command>
    </>
  );
}

/** Other events may have been discarded, or may still be on their way. */
function summaryOf(count: number, region: string | undefined): string {
  const of = region === undefined ? '' : ` of ${region}`;
  if (count === 0) {
    return `There is no dead letter${of}.`;
  }
  const events = count === MAX_LISTED ? `${MAX_LISTED} events or more` : countOf(count, 'event');
  return `Central could not apply ${events}${of}, and lacks what ${count === 1 ? 'it says. It holds' : 'they say. They hold'} up no others.`;
}

function commandOf(
  region: string | undefined,
  detail: DeadLetter | undefined,
  selected: readonly DeadLetter[],
): string {
  if (selected.length > 0) {
    return `npx meridian dead-letters retry ${selected.map(({ id }) => id).join(' ')}`;
  }
  return detail === undefined
    ? `npx meridian dead-letters list${region === undefined ? '' : ` --region ${shellWord(region)}`}`
    : `npx meridian dead-letters show ${detail.id}`;
}

interface TableProps {
  readonly letters: readonly DeadLetter[];
  readonly shown: number | undefined;
  readonly chosen: ReadonlySet<number>;
  onChoose(chosen: ReadonlySet<number>): void;
}

function LetterTable({ letters, shown, chosen, onChoose }: TableProps) {
  const { query } = useFrame().place;
  const mayWrite = useMayWrite();
  const areAll = chosen.size === letters.length;
  const turn = (id: number) =>
    onChoose(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  const all = (
    <input
      type="checkbox"
      aria-label="Choose all"
      checked={areAll}
      onChange={() => onChoose(new Set(areAll ? [] : letters.map(({ id }) => id)))}
    />
  );
  const head = ['Event', 'Region', ...rights('Number'), 'Reason', ...rights('Tried'), 'Since (UTC)'];
  return (
    <Table label="Dead letters" head={mayWrite ? [all, ...head] : head}>
      {letters.map((letter) => (
        <tr key={letter.id} class={letter.id === shown ? 'selected' : undefined}>
          {mayWrite && (
            <td>
              <input
                type="checkbox"
                aria-label={`Choose ${subjectOf(letter)} of ${letter.region}`}
                checked={chosen.has(letter.id)}
                onChange={() => turn(letter.id)}
              />
            </td>
          )}
          <th scope="row">
            <a
              href={hashOf(['dead-letters'], { ...query, letter: String(letter.id) })}
              aria-current={letter.id === shown ? 'true' : undefined}
            >
              {subjectOf(letter)}
            </a>
          </th>
          <td>{letter.region}</td>
          <Figure>{`${letter.epoch}:${letter.seq}`}</Figure>
          <td class="prose">{letter.error}</td>
          <Figure>{letter.attempts}</Figure>
          <td>{letter.parkedAt === null ? 'still tried' : formatInstant(letter.parkedAt)}</td>
        </tr>
      ))}
    </Table>
  );
}
