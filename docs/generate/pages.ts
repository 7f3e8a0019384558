/** The pages of the reference, by their paths from the project's root. */
import { commandsPage } from './commands.ts';
import { configurationPage } from './configuration.ts';
import { errorCodesPage } from './error-codes.ts';
import { eventsPage } from './events.ts';
import { fileFormatsPage } from './file-formats.ts';
import { schemaPage } from './schema.ts';

export const REFERENCE = 'docs/reference';

/** Without reading the committed pages: the same code always gives the same text. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [`${REFERENCE}/commands.md`, commandsPage()],
    [`${REFERENCE}/configuration.md`, configurationPage()],
    [`${REFERENCE}/error-codes.md`, await errorCodesPage()],
    [`${REFERENCE}/events.md`, eventsPage()],
    [`${REFERENCE}/file-formats.md`, await fileFormatsPage()],
    [`${REFERENCE}/schema.md`, schemaPage()],
  ]);
}
