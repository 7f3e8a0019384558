/** Sentences about documents for the document store. */
import { countOf, printableLines, type ServiceOutput } from '../../module.ts';
import type { Fed, FeedListener } from '../documents/feed.ts';
import type { Waiting } from '../documents/waiting.ts';

/** The number of rejected documents that are named. */
const MAX_NAMED = 5;

export function feedListener(output: ServiceOutput): FeedListener {
  let named = 0;
  return {
    refused: ({ document: { region, orderId }, reason }) => {
      if (++named <= MAX_NAMED) {
        output.complain(
          printableLines(`Documents: the document of order ${orderId} of ${region} is rejected: ${reason}`),
        );
      }
    },
    fed: (fed) => {
      if (fed.refused > 0) {
        output.complain(`Documents: ${refusalSentence(fed.refused)}`);
      }
      const said = feedSummary(fed);
      if (said !== undefined) {
        output.note(`Documents: ${said} copied to the document store.`);
      }
    },
    failed: (error) =>
      output.complain(
        printableLines(
          `Documents: the document store cannot be updated at the moment. The next sync copies what waits. ${error.message}`,
        ),
      ),
    recovered: () => output.note('Documents: the document store is up to date again.'),
  };
}

/** "2 documents and 1 component list"; `undefined` if there are none. */
function feedSummary({ documents, componentLists }: Omit<Fed, 'refused'>): string | undefined {
  const parts = [
    ...(documents > 0 ? [countOf(documents, 'document')] : []),
    ...(componentLists > 0 ? [countOf(componentLists, 'component list')] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function refusalSentence(refused: number): string {
  return `the document store rejects ${countOf(refused, 'document')}. npx meridian documents status shows why.`;
}

/** Sentences about documents that the store does not have yet; none if it is up to date. */
export function backlogSentences({ documents, refused, componentLists, unknown }: Waiting): string[] {
  const behind = feedSummary({ documents, componentLists });
  return [
    ...(behind === undefined
      ? []
      : [
          `The document store is ${behind} behind. npx meridian sync copies what waits${refused > 0 ? `; it rejects ${countOf(refused, 'document')}, and npx meridian documents status shows why` : ''}.`,
        ]),
    ...unknown.map((reason) => `The backlog of the document store is unknown: ${reason}`),
  ];
}
