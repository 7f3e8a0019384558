/** The loads screen: start a load, follow it, correct its rejects, and list earlier loads. */
import { useFrame, useLive, useMayWrite } from '../frame/context.ts';
import { Command, Empty, Problem, Waiting } from '../frame/parts.tsx';
import { hashOf } from '../frame/place.ts';
import { useAnswer } from '../frame/use-answer.ts';
import type { RunList } from './progress.ts';
import { Rejects } from './rejects.tsx';
import { RunScreen } from './run.tsx';
import { RunRows } from './run-rows.tsx';
import { StartLoad } from './start.tsx';

const SHORT_HISTORY = 20;
const LONG_HISTORY = 1000;

export function LoadScreen() {
  const [, run, part] = useFrame().place.path;
  if (run === undefined) {
    return <AllLoads />;
  }
  return part === 'rejects' ? <Rejects run={run} /> : <RunScreen run={run} />;
}

function AllLoads() {
  const { place } = useFrame();
  const mayWrite = useMayWrite();
  const limit = place.query['all'] === undefined ? SHORT_HISTORY : LONG_HISTORY;
  const list = useAnswer<RunList>(`/api/loads?limit=${limit}`);
  const live = useLive<RunList>('loads');
  const history = (
    <>
      <h2>History</h2>
      <Problem error={list.error} />
      {list.value === undefined && list.error === undefined && <Waiting />}
      {list.value !== undefined && <History list={merged(list.value, live.value)} limit={limit} />}
    </>
  );
  return (
    <>
      <h1>Loads</h1>
      {mayWrite ? (
        <StartLoad>{history}</StartLoad>
      ) : (
        <>
          <Empty>Starting a load needs a token with the role operate.</Empty>
          {history}
          <Command>npx meridian runs</Command>
        </>
      )}
    </>
  );
}

/** The newest runs from the stream, followed by the others of the list. */
function merged(list: RunList, live: RunList | undefined): RunList {
  const newest = live?.loads ?? [];
  const known = new Set(newest.map(({ run }) => run));
  return { ...list, loads: [...newest, ...list.loads.filter(({ run }) => !known.has(run))] };
}

function History({ list: { loads, unreadable }, limit }: { readonly list: RunList; readonly limit: number }) {
  const mayWrite = useMayWrite();
  return (
    <>
      {unreadable.map(({ database, reason }) => (
        <Empty key={database}>
          The loads of {database} are unknown: {reason}
        </Empty>
      ))}
      {loads.length === 0 ? (
        <Empty>Nothing has been loaded yet.{mayWrite && ' Drop a file above.'}</Empty>
      ) : (
        <RunRows runs={loads} />
      )}
      {loads.length >= limit && limit < LONG_HISTORY && <a href={hashOf(['loads'], { all: '1' })}>Show older loads</a>}
    </>
  );
}
