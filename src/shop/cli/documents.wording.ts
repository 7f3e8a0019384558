/** How it is told what becomes of documents on their way to the document store. */
import { countOf } from '../../cli/output/format.ts';
import { printableLines } from '../../cli/output/printable.ts';
import { type Output } from '../../cli/output/terminal.ts';
import type { Fed, FeedListener } from '../documents/feed.ts';
import type { Waiting } from '../documents/waiting.ts';

/** How many documents that are refused are named. */
const MAX_NAMED = 5;

export function feedListener(output: Output): FeedListener {
  let named = 0;
  return {
    refused: ({ document: { region, orderId }, reason }) => {
      if (++named <= MAX_NAMED) {
        output.complain(printableLines(`Documents: the one of order ${orderId} of ${region} is not taken: ${reason}`));
      }
    },
    fed: (fed) => {
      if (fed.refused > 0) {
        output.complain(`Documents: ${refusalSentence(fed.refused)}`);
      }
      const said = feedSummary(fed);
      if (said !== undefined) {
        output.note(`Documents: ${said} brought to the document store.`);
      }
    },
    failed: (error) =>
      output.complain(
        printableLines(
          `Documents: not all that is for the document store gets there at the moment. It waits, and the next sync brings it. ${error.message}`,
        ),
      ),
    recovered: () => output.note('Documents: the document store is up to date again.'),
  };
}

/** "2 documents and 1 component list"; nothing when it was none. */
export function feedSummary({ documents, componentLists }: Omit<Fed, 'refused'>): string | undefined {
  const parts = [
    ...(documents > 0 ? [countOf(documents, 'document')] : []),
    ...(componentLists > 0 ? [countOf(componentLists, 'component list')] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

export function refusalSentence(refused: number): string {
  return `the document store does not take ${countOf(refused, 'document')}. npx meridian documents status says why.`;
}

/** What to say beside something that was read from the store; nothing when all that is known of is there. */
export function backlogSentences({ documents, refused, componentLists, unknown }: Waiting): string[] {
  const behind = feedSummary({ documents, componentLists });
  return [
    ...(behind === undefined
      ? []
      : [
          `The document store is ${behind} behind. npx meridian sync brings what waits${refused > 0 ? `; it does not take ${countOf(refused, 'document')}, and npx meridian documents status says why` : ''}.`,
        ]),
    ...unknown.map((reason) => `How far the document store is behind is not known: ${reason}`),
  ];
}
