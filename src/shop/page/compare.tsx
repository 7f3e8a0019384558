/** Each region beside central: equal, or what differs and how it is repaired. */
import { ask } from '../../page/frame/api.ts';
import { useMayWrite } from '../../page/frame/context.ts';
import { Command, Confirmed, Empty, Figure, HealthMark, Problem, Table, Waiting } from '../../page/frame/parts.tsx';
import { countOf, formatCount, shellWord } from '../../page/frame/text.ts';
import { useAction, useAnswer } from '../../page/frame/use-answer.ts';

interface Totals {
  readonly rows: number;
  readonly pieces: string;
  readonly value: string;
  readonly hash: string;
}

interface Comparison {
  readonly differences: number;
  readonly leftOut: number;
  readonly examples: readonly string[];
  readonly watermark: { readonly epoch: number; readonly seq: number } | null;
  readonly tables: Readonly<Record<string, { readonly region: Totals; readonly central: Totals }>>;
}

interface Compared {
  readonly isEqual: boolean | null;
  readonly regions: Readonly<Record<string, Comparison | { readonly error: string }>>;
}

export function Compare() {
  const answer = useAnswer<Compared>('/api/shop/compare');
  const { value } = answer;
  const different = Object.entries(value?.regions ?? {}).find(([, one]) => !('error' in one) && one.differences > 0);
  return (
    <>
      <h1>Compare</h1>
      <p class="lead" role="status">
        {value === undefined ? 'Every row of every region is compared with central.' : verdictOf(value)}
      </p>
      {value === undefined && (answer.error === undefined ? <Waiting /> : <Problem error={answer.error} />)}
      {value !== undefined && Object.keys(value.regions).length === 0 && (
        <Empty>
          No region has a database yet, so there is nothing to compare. <a href="#/regions">Regions</a>
        </Empty>
      )}
      {Object.entries(value?.regions ?? {}).map(([name, one]) => (
        <RegionComparison key={name} name={name} comparison={one} onRepair={answer.reload} />
      ))}
      <p class="actions">
        <button type="button" disabled={answer.isLoading} onClick={answer.reload}>
          Compare again
        </button>
      </p>
      <Command>
        {different === undefined ? 'npx meridian compare' : `npx meridian resend --region ${shellWord(different[0])}`}
      </Command>
    </>
  );
}

function verdictOf({ isEqual }: Compared): string {
  return isEqual === null
    ? 'It is not known whether all are equal: some region cannot be read.'
    : isEqual
      ? 'Central and the regions are equal.'
      : 'Central differs from a region.';
}

interface Props {
  readonly name: string;
  readonly comparison: Comparison | { readonly error: string };
  onRepair(): void;
}

function RegionComparison({ name, comparison, onRepair }: Props) {
  if ('error' in comparison) {
    return (
      <section>
        <h2>{name}</h2>
        <p>
          <HealthMark health="unknown" /> {comparison.error}
        </p>
      </section>
    );
  }
  const { differences, leftOut, examples, watermark, tables } = comparison;
  return (
    <section>
      <h2>{name}</h2>
      <p>
        <HealthMark health={differences === 0 ? 'well' : 'failing'} />{' '}
        {differences === 0 ? 'equal' : countOf(differences, 'difference')},{' '}
        {watermark === null
          ? 'central has received nothing from it'
          : `up to event ${watermark.seq} of epoch ${watermark.epoch}`}
        {leftOut > 0 && `; ${countOf(leftOut, 'change')} in transit left out`}
      </p>
      <Table label={`${name} and central`} head={['Of', 'In', 'Rows', 'Pieces', 'Value', 'Ids and versions']}>
        {Object.entries(tables).flatMap(([table, { region, central }]) =>
          (
            [
              [name, region],
              ['central', central],
            ] as const
          ).map(([place, totals]) => (
            <tr key={`${table} ${place}`} class={region.hash === central.hash ? undefined : 'selected'}>
              <th scope="row">{table === 'order' ? 'orders' : table}</th>
              <td>{place}</td>
              <Figure>{formatCount(totals.rows)}</Figure>
              <Figure>{totals.pieces}</Figure>
              <Figure>{totals.value}</Figure>
              <td>
                <code>{totals.hash.slice(0, 12)}</code>
              </td>
            </tr>
          )),
        )}
      </Table>
      {examples.length > 0 && (
        <ul>
          {examples.map((example) => (
            <li key={example}>{example}</li>
          ))}
        </ul>
      )}
      {differences > examples.length && <p class="quiet">and {formatCount(differences - examples.length)} more</p>}
      {differences > 0 && <Repair name={name} differences={differences} onRepair={onRepair} />}
    </section>
  );
}

function Repair({
  name,
  differences,
  onRepair,
}: {
  readonly name: string;
  readonly differences: number;
  onRepair(): void;
}) {
  const action = useAction();
  const mayWrite = useMayWrite();
  const repair = () =>
    void action.run(async () => {
      await ask('POST', '/api/shop/resend', { body: { regions: [name] }, accepts: [503] });
      onRepair();
    });
  return (
    <>
      {mayWrite && (
        <Confirmed
          label={`Send ${name} again`}
          effect={`All rows of ${name} are sent to central again, which repairs ${countOf(differences, 'difference')}. Rows that are equal stay as they are.`}
          isDisabled={action.isRunning}
          onConfirm={repair}
        />
      )}
      <Problem error={action.error} />
    </>
  );
}
