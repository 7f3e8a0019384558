/** Reads a document from the store, which other programs may have changed. */
import { MeridianError } from '../../index.ts';
import { DocumentError, type OrderDocument, readOrderDocument } from './model/order-document.ts';

/** @throws MeridianError `document`, with region and id, for a document that Meridian cannot have written */
export function readStored(value: Readonly<Record<string, unknown>>): OrderDocument {
  try {
    return readOrderDocument(value);
  } catch (error) {
    if (!(error instanceof DocumentError)) {
      throw error;
    }
    throw new MeridianError(
      'document',
      `The document store holds a document that cannot be read, ${JSON.stringify(value['id'])} of ${JSON.stringify(value['region'])}: ${error.message}. ` +
        'Another program has changed it; npx meridian documents rebuild restores it from its events.',
      { cause: error },
    );
  }
}
