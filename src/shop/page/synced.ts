/** The answer of a sync or a resend, and what a screen says of it. */
import { countOf, formatCount } from '../../page/module-values.ts';

export interface Synced {
  readonly isComplete: boolean;
  readonly regions: Readonly<
    Record<string, { readonly shipped?: number; readonly error?: string; readonly deadLetters?: number }>
  >;
  readonly documentsError?: string;
}

export function syncSentences({ isComplete, regions, documentsError }: Synced): readonly string[] {
  const each = Object.entries(regions).map(([name, { shipped, error, deadLetters = 0 }]) => {
    const rest = deadLetters > 0 ? `, and ${formatCount(deadLetters)} dead-lettered` : '';
    return error === undefined ? `${name}: ${countOf(shipped ?? 0, 'event')} shipped${rest}.` : `${name}: ${error}`;
  });
  const all = documentsError === undefined ? each : [...each, `Documents: ${documentsError}`];
  return [isComplete ? 'Everything has arrived in central.' : 'Something has not arrived in central.', ...all];
}
