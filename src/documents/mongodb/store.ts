/** placeholder */
import type { DocumentStore } from '../store.ts';
export function openMongodbStore(_url: string, _o: { lookOnly: boolean }): Promise<DocumentStore> {
  return Promise.reject(new Error('x'));
}
