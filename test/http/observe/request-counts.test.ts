/** Counts of requests are written as @prometheus-io/client writes those of its own counters and histograms. */
import { expect, test } from '@jest/globals';
import { Counter, Histogram, Registry } from '@prometheus-io/client';
import { RequestCounts } from '../../../src/http/observe/request-counts.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const requests = [
  { method: 'GET', route: '/api/databases/{database}/{entity}/{key+}', status: 200, seconds: 0.002 },
  { method: 'GET', route: '/api/databases/{database}/{entity}/{key+}', status: 200, seconds: 0.0025 },
  { method: 'GET', route: '/api/databases/{database}/{entity}/{key+}', status: 200, seconds: 11 },
  { method: 'HEAD', route: '/api/databases/{database}/{entity}/{key+}', status: 200, seconds: 0 },
  { method: 'GET', route: '/api/events', status: 200, seconds: undefined },
  { method: 'GET', route: 'none', status: 404, seconds: 0.5 },
];

test('text of counts and durations', async () => {
  const register = new Registry();
  const labelNames = ['method', 'route', 'status'];
  const total = new Counter({
    name: 'meridian_http_requests_total',
    help: 'Requests that were answered',
    labelNames,
    registers: [register],
  });
  const durations = new Histogram({
    name: 'meridian_http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer',
    labelNames,
    buckets: BUCKETS,
    registers: [register],
  });
  const counts = new RequestCounts();
  expect(counts.text()).toBe(await register.metrics());
  for (const { seconds, ...labels } of requests) {
    counts.add(labels, seconds);
    total.inc(labels);
    if (seconds !== undefined) {
      durations.observe(labels, seconds);
    }
  }
  expect(counts.text()).toBe(await register.metrics());
});

test('requests of a kind have one object', () => {
  const counts = new RequestCounts();
  const kind = { method: 'GET', route: '/livez', status: 200 };
  expect(counts.add({ ...kind }, 1)).toBe(counts.add({ ...kind }, undefined));
  expect(counts.add({ ...kind, status: 500 }, 1)).not.toBe(counts.add(kind, 1));
});
