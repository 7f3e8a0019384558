/** Prometheus metrics: counts and durations of requests, and the state of the process. */
import type { Registry } from '@prometheus-io/client';
import { RequestCounts } from './request-counts.ts';

export interface Metrics {
  readonly requests: RequestCounts;
  /** The metrics in the Prometheus text format. */
  text(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export async function makeMetrics(): Promise<Metrics> {
  const { Registry: NewRegistry, collectDefaultMetrics } = await import('@prometheus-io/client');
  // each server has its own registry, so that a process can have several servers
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
