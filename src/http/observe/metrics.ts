/** Counts and durations of requests, and the process, as Prometheus reads them. */
import type { Registry } from '@prometheus-io/client';

export interface Metrics {
  /** @param seconds `undefined` for a request without an end of its own */
  observe(labels: { method: string; route: string; status: number }, seconds: number | undefined): void;
  /** In the text format of Prometheus. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Seconds: from a read in memory to a large request. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export async function makeMetrics(): Promise<Metrics> {
  const { Counter, Histogram, Registry: NewRegistry, collectDefaultMetrics } = await import('@prometheus-io/client');
  // one of its own, so that a process may have several servers
  const register: Registry = new NewRegistry();
  collectDefaultMetrics({ register });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
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
  return {
    observe(labels, seconds) {
      requests.inc(labels);
      if (seconds !== undefined) {
        durations.observe(labels, seconds);
      }
    },
    text: async () => ({ contentType: register.contentType, body: await register.metrics() }),
  };
}
