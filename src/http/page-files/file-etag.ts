/** The entity tag of a file. */
import { hash } from 'node:crypto';

const DIGEST_CHARACTERS = 22;

export function etagOfFile(content: Buffer): string {
  return `"${hash('sha256', content, 'base64url').slice(0, DIGEST_CHARACTERS)}"`;
}
