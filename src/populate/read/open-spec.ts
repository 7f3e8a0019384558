/** Makes a source again from what describes it. */
import { sourceOfFile } from './file.ts';
import type { Source, SourceSpec } from './source.ts';

export function openSpec(spec: SourceSpec): Source {
  return sourceOfFile(spec);
}
