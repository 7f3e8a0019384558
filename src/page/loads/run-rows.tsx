import { Bar, Figure, rights, Table } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { fileNameOf, formatCount, formatInstant } from '../frame/text.ts';
import { doneOf, type Run, stateOf, totalOf } from './progress.ts';

export function RunRows({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Table
      label="Loads"
      head={['Started (UTC)', 'Sources', 'State', ...rights('Read', 'Inserted', 'Updated', 'Unchanged', 'Rejected')]}
    >
      {runs.map((run) => {
        const rejected = totalOf(run, 'rejected');
        return (
          <tr key={run.run}>
            <th scope="row">
              <a href={hashOf(['loads', run.run])}>{formatInstant(run.startedAt)}</a>
            </th>
            <td class="source">
              {Object.entries(run.tables)
                .map(([table, { source }]) => `${table}: ${fileNameOf(source)}`)
                .join('; ')}
            </td>
            <td>
              {stateOf(run)}
              {run.progress?.map((one) => (
                <Bar key={one.table} done={doneOf(one)} label={`${one.table}: how much is loaded`} />
              ))}
            </td>
            <Figure>{formatCount(totalOf(run, 'read'))}</Figure>
            <Figure>{formatCount(totalOf(run, 'inserted'))}</Figure>
            <Figure>{formatCount(totalOf(run, 'updated'))}</Figure>
            <Figure>{formatCount(totalOf(run, 'unchanged'))}</Figure>
            <Figure>
              {rejected > 0 ? (
                <a href={hashOf(['loads', run.run, 'rejects'])}>{formatCount(rejected)}</a>
              ) : (
                formatCount(rejected)
              )}
            </Figure>
          </tr>
        );
      })}
    </Table>
  );
}
