/** Jest's globalTeardown: stops the server of the run. */
import './before-all.ts';

export default async function afterAll(): Promise<void> {
  await globalThis.meridianPostgresql?.remove();
}
