/** The work of a load's thread: opens the database and the source itself, and runs the load. */
import type { MessagePort } from 'node:worker_threads';
import { Database } from '../../database/database.ts';
import { tableOf } from '../../database/table.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { DeclarationModule } from '../options.ts';
import { openSpec } from '../read/open-spec.ts';
import { Columns } from '../record/columns.ts';
import { shapeOf } from '../record/shape.ts';
import { restore } from '../resume/restore.ts';
import { runLoad } from '../write/run-load.ts';
import { buffersOf, failureOf, STOP, type ThreadJob, type ThreadMessage } from './messages.ts';

export async function runJob(job: ThreadJob, port: MessagePort): Promise<void> {
  const send = (message: ThreadMessage, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, transfer);

  const interruption = new AbortController();
  port.on('message', (message) => {
    if (message === STOP) {
      interruption.abort();
    }
  });

  const { declarationOf } = (await import(job.databaseModule)) as DeclarationModule;
  const declaration = declarationOf(job.database);
  if (declaration === undefined) {
    throw new Error(`There is no database ${job.database}.`);
  }
  const { location, migrationsDirectory } = job;
  const database = await Database.open(declaration, {
    location,
    ...(migrationsDirectory === undefined ? {} : { migrationsDirectory }),
  });
  try {
    const em = database.fork();
    const table = tableOf(database, job.entity);
    const shape = shapeOf(table.metadata, database.engine.storage, table.uniqueKeys, job.values);
    const row = await new RunStore(table).newest(em);
    if (row === undefined) {
      throw new Error(`${table.name}: no run has begun.`);
    }
    const progress = await restore({ table, em, shape }, row, interruption.signal);
    const source = await openSpec(job.source);
    let failure: unknown;
    try {
      await runLoad({
        table,
        em,
        shape,
        source: await source.open(),
        sourceName: source.name,
        columns: new Columns(shape, job.columns),
        onConflict: job.onConflict,
        deferrable: job.deferrable,
        batchRecords: job.batchRecords,
        transactionRecords: job.transactionRecords,
        signal: interruption.signal,
        progress,
        reportRejected(rejected) {
          const entries = JSON.stringify(rejected);
          return () => send({ kind: 'rejected', entries });
        },
        listener: {
          started: (_, sizes) => send({ kind: 'started', progress: sizes }),
          progressed: (_, sizes, read, rejected = 0) => send({ kind: 'progressed', progress: sizes, read, rejected }),
          loaded: () => send({ kind: 'loaded' }),
          warned: (_, sentence) => send({ kind: 'warned', sentence }),
        },
      });
    } catch (error) {
      failure = database.explain(error);
    }
    const accepted = progress.accepted.state;
    const references = new Map([...progress.references].map(([name, keys]) => [name, keys.state]));
    send(
      {
        kind: 'ended',
        ledger: progress.ledger.state,
        accepted,
        isExact: progress.isExact,
        references,
        failure: failure === undefined ? undefined : failureOf(failure),
      },
      buffersOf([accepted, ...references.values()]),
    );
  } finally {
    await database.close();
    port.close();
  }
}
