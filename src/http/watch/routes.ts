/** The stream of states that a page shows live. */
import type { Route } from '../../config/route.ts';
import { EVENT_SCHEMA, EVENT_STREAM } from '../route/event-log.ts';
import type { Watch } from './watch.ts';

export function watchRoutes(watch: Watch): readonly Route[] {
  return [
    {
      id: 'watchServer',
      method: 'GET',
      path: '/api/events',
      role: 'read',
      summary: 'Streams the states of databases, loads and modules as server-sent events, each when it changes',
      description: 'A stream begins with the current states. A state that cannot be read has the member error.',
      tag: 'Server',
      answers: { 200: { description: 'The events', schema: EVENT_SCHEMA, mediaType: EVENT_STREAM } },
      isEndless: true,
      handle: ({ signal }) =>
        Promise.resolve({
          headers: { 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' },
          body: watch.stream(signal),
        }),
    },
  ];
}
