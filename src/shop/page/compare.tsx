/** The comparison of each region with central: equal, or the different rows, with advice on how to repair them. */
import { useState } from 'preact/hooks';
import {
  ask,
  Command,
  Confirmed,
  countOf,
  Empty,
  Figure,
  formatCount,
  HealthMark,
  hashOf,
  Problem,
  rights,
  shellWord,
  Table,
  useAction,
  useAnswer,
  useFrame,
  useLive,
  useMayWrite,
  Waiting,
  withQuery,
} from '../../page/module.tsx';
import type { Central } from './central-state.ts';
import { type Compared, type Comparison, DifferentRows, Totals } from './comparison.tsx';
import { OnlyRegion } from './only-region.tsx';
import { type Synced, syncSentences } from './synced.ts';

export function Compare() {
  const { region } = useFrame().place.query;
  const answer = useAnswer<Compared>(withQuery('/api/shop/compare', { region }));
  const [notes, setNotes] = useState<readonly string[]>([]);
  const { value } = answer;
  const repaired = (sentences: readonly string[]) => {
    setNotes(sentences);
    answer.reload();
  };
  const all = Object.entries(value?.regions ?? {});
  const different = all.filter(
    (entry): entry is [string, Comparison] => !('error' in entry[1]) && entry[1].differences > 0,
  );
  return (
    <>
      <h1>Compare</h1>
      <p class="lead" role="status">
        {value !== undefined
          ? verdictOf(value, different, region)
          : answer.error === undefined
            ? `Every row of ${region ?? 'every region'} is compared with central.`
            : 'Nothing has been compared.'}
      </p>
      {region !== undefined && <OnlyRegion screen="compare" region={region} />}
      {value === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {value !== undefined && all.length === 0 && (
        <Empty>
          No region has a database yet, so there is nothing to compare. <a href="#/regions">Add a region</a>, or load
          orders into one.
        </Empty>
      )}
      {all.length > 0 && <Summary regions={all} />}
      <p class="actions">
        <button type="button" disabled={answer.isLoading} onClick={answer.reload}>
          Compare again
        </button>
        <span class="quiet">{answer.isLoading && value !== undefined ? 'Comparing …' : ''}</span>
      </p>
      <div role="status">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
      {different.map(([name, comparison]) => (
        <section key={name}>
          <h2>{name}</h2>
          <DifferentRows name={name} comparison={comparison} />
          <Repair name={name} differences={comparison.differences} onRepair={repaired} />
        </section>
      ))}
      {all.length > 0 && <Totals regions={all} />}
      <Command>
        {different[0] === undefined
          ? `npx meridian compare${region === undefined ? '' : ` --region ${shellWord(region)}`}`
          : `npx meridian resend --region ${shellWord(different[0][0])}`}
      </Command>
    </>
  );
}

function verdictOf(
  { isEqual, regions }: Compared,
  different: readonly (readonly [string, Comparison])[],
  region: string | undefined,
): string {
  if (different.length > 0) {
    const names = different.map(([name]) => name).join(', ');
    return `Central differs from ${names}. Send ${different.length === 1 ? 'it' : 'each'} again to repair central.`;
  }
  if (isEqual === null) {
    return 'It is not known whether all are equal: some region cannot be read.';
  }
  const inTransit = Object.values(regions).some((one) => !('error' in one) && one.leftOut > 0);
  return `Central and ${region ?? 'the regions'} are equal${inTransit ? ', apart from what is in transit' : ''}.`;
}

type Regions = readonly (readonly [string, Comparison | { readonly error: string }])[];

function Summary({ regions }: { readonly regions: Regions }) {
  const central = useLive<Central>('central').value;
  return (
    <Table
      label="Regions"
      head={['Region', 'State', ...rights('Differences', 'In transit', 'Dead letters'), 'Compared']}
    >
      {regions.map(([name, one]) => (
        <tr key={name}>
          <th scope="row">
            <a href={hashOf(['compare'], { region: name })}>{name}</a>
          </th>
          {'error' in one ? (
            <>
              <td>
                <HealthMark health="unknown" />
              </td>
              <td class="prose" colSpan={4}>
                {one.error}
              </td>
            </>
          ) : (
            <>
              <td>
                {one.differences === 0 ? (
                  <HealthMark health="well" word="equal" />
                ) : (
                  <HealthMark health="failing" word="different" />
                )}
              </td>
              <Figure>{formatCount(one.differences)}</Figure>
              <Figure>{formatCount(one.leftOut)}</Figure>
              <Figure>{formatCount(central?.regions[name]?.deadLetters)}</Figure>
              <td>
                {one.watermark === null
                  ? 'central has received nothing from it'
                  : `up to event ${one.watermark.seq} of epoch ${one.watermark.epoch}`}
              </td>
            </>
          )}
        </tr>
      ))}
    </Table>
  );
}

interface RepairProps {
  readonly name: string;
  readonly differences: number;
  /** @param sentences what has become of the rows that were sent */
  onRepair(sentences: readonly string[]): void;
}

function Repair({ name, differences, onRepair }: RepairProps) {
  const action = useAction();
  const mayWrite = useMayWrite();
  const repair = () =>
    void action.run(async () => {
      const { body } = await ask<Synced>('POST', '/api/shop/resend', { body: { regions: [name] }, accepts: [503] });
      onRepair(syncSentences(body));
    });
  return (
    <div class="actions">
      {mayWrite && (
        <Confirmed
          label={`Send ${name} again`}
          effect={`All rows of ${name} are sent to central in a new epoch, so that central has what ${name} has: ${countOf(differences, 'difference')} ${differences === 1 ? 'is' : 'are'} repaired, and dead letters of earlier epochs are deleted. Rows that are equal stay as they are. ${name} itself is not changed.`}
          isDisabled={action.isRunning}
          onConfirm={repair}
        />
      )}
      {action.isRunning && (
        <span class="quiet" role="status">
          Sending …
        </span>
      )}
      <Problem error={action.error} />
    </div>
  );
}
