/** Creates a source from its description. */
import type { Source, SourceSpec } from './source.ts';

export async function openSpec({ module, argument }: SourceSpec): Promise<Source> {
  const { sourceFrom } = (await import(module)) as { sourceFrom(argument: unknown): Source };
  return sourceFrom(argument);
}
