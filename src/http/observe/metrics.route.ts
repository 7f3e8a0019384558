/** The route of the metrics. */
import type { Route } from '../../config/route.ts';
import type { Metrics } from './metrics.ts';

export function metricsRoute(metrics: Metrics): Route {
  return {
    id: 'readMetrics',
    method: 'GET',
    path: '/metrics',
    role: 'read',
    summary: 'Counts and durations of requests, and the process, in the text format of Prometheus',
    tag: 'Server',
    answers: { 200: { description: 'The metrics', schema: { type: 'string' }, mediaType: 'text/plain' } },
    async handle() {
      const { contentType, body } = await metrics.text();
      return { headers: { 'content-type': contentType }, body };
    },
  };
}
