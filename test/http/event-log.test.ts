/** Streams of events: taken up again, and ended. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { EventLog, eventStream } from '../../src/http/route/event-log.ts';

const forever = new AbortController().signal;

async function collect(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
  }
  return text;
}

test('a stream has what has happened and what happens, and is taken up after an event', async () => {
  const log = new EventLog('log');
  log.add('begun', { table: 'users' });
  const text = collect(eventStream(log, undefined, forever));
  await wait(5);
  log.add('progress', { table: 'users', read: 1 });
  log.end();
  expect(await text).toBe(
    'retry: 1000\n\nid: log-1\nevent: begun\ndata: {"table":"users"}\n\nid: log-2\nevent: progress\ndata: {"table":"users","read":1}\n\n',
  );
  expect(await collect(eventStream(log, 'log-1', forever))).not.toContain('begun');
  // of another log, such as that of the server before a restart, or of none
  for (const id of ['other-1', 'other-99', '1', 'log-', 'x\nevent: y', '']) {
    expect(await collect(eventStream(log, id, forever))).toContain('begun');
    expect(log.isOver(id)).toBe(false);
  }
  expect([log.isOver('log-1'), log.isOver('log-2')]).toEqual([false, true]);
});

test('what is newer replaces what it says again, and a line break of data begins no line', async () => {
  const log = new EventLog();
  const same = (earlier: unknown) => (earlier as { table: string }).table === 'users';
  log.add('progress', { table: 'users', read: 1 }, same);
  log.add('progress', { table: 'orders', read: 1 }, same);
  log.add('progress', { table: 'users', read: 2 }, same);
  log.add('warned', { warning: 'a\n\nevent: forged' });
  log.end();
  const text = await collect(eventStream(log, undefined, forever));
  expect([...text.matchAll(/^id: \w+-(\d+)$/gm)].map(([, id]) => id)).toEqual(['2', '3', '4']);
  expect(text).not.toMatch(/^event: forged/m);
});

test('a signal ends a stream, and a quiet one says so', async () => {
  const log = new EventLog();
  const stopping = new AbortController();
  const events: unknown[] = [];
  for await (const event of log.after(0, stopping.signal, 5)) {
    events.push(event);
    stopping.abort();
  }
  expect(events).toEqual([undefined]);
});
