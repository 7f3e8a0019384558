/** Counts and durations of requests, and the process, as Prometheus reads them. */
import type { Registry } from '@prometheus-io/client';
import { RequestCounts } from './request-counts.ts';

export interface Metrics {
  readonly requests: RequestCounts;
  /** In the text format of Prometheus. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export async function makeMetrics(): Promise<Metrics> {
  const { Registry: NewRegistry, collectDefaultMetrics } = await import('@prometheus-io/client');
  // one of its own, so that a process may have several servers
  const register: Registry = new NewRegistry();
  collectDefaultMetrics({ register });
  const requests = new RequestCounts();
  return {
    requests,
    text: async () => ({
      contentType: register.contentType,
      body: `${requests.text()}\n${await register.metrics()}`,
    }),
  };
}
