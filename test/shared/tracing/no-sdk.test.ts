/** Where no SDK is registered, OpenTelemetry's API is not even imported. */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { buildRoot } from '../../../src/shared/project.ts';

const SCRIPT = `
import { registerHooks } from 'node:module';
const imported = [];
registerHooks({ load(url, context, next) { if (url.includes('@opentelemetry/api/')) imported.push(url); return next(url, context); } });
const { newEvent, inActiveSpan } = await import('BUILD/src/replication/index.js');
const { traced } = await import('BUILD/src/http/observe/tracing.js');
const { inBatchSpan } = await import('BUILD/src/replication/events/batch-span.js');
const change = { id: 1, version: 1, type: 'placed', occurredAt: '2026-11-21T12:00:00.000Z' };
const work = () => Promise.resolve(newEvent({ aggregate: 'order', schemaVersion: 1 }, change, {}));
const batch = { region: 'boston', epoch: 1, headSeq: 0, events: [] };
const event = await traced({}, () => inBatchSpan('apply', batch, inActiveSpan(work)), () => 200);
// an SDK that only measures
const registry = (globalThis[Symbol.for('opentelemetry.js.api.1')] = { version: '1.10.0', metrics: {} });
await work();
const before = imported.length;
registry.trace = {};
await work();
console.log(JSON.stringify({ isTraced: 'traceparent' in event, before, isImported: imported.length > 0 }));
`;

test('it is imported once one is', () => {
  const script = SCRIPT.replaceAll('BUILD', new URL(`file://${buildRoot}`).href);
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({ isTraced: false, before: 0, isImported: true });
});
