/** Reads a document as the store holds it, where others than Meridian may have been at work. */
import { MeridianError } from '../../shared/errors.ts';
import { DocumentError, type OrderDocument, readOrderDocument } from './model/order-document.ts';

/** @throws MeridianError `document` for one that nobody could have put there, with its region and id */
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
        'Somebody has changed it there; npx meridian documents rebuild brings it again as it was told.',
      { cause: error },
    );
  }
}
