/** The inbox prefix of a NATS user. Each user has its own, so that permissions can restrict a user to its own responses. */
import { nkeys } from '@nats-io/transport-node';

/** The default inbox prefix of clients. */
const DEFAULT = '_INBOX';

/** `_INBOX.relay-boston`; the default prefix where there is no user, as with a token. */
export function inboxOf(user: string | undefined): string {
  return user === undefined ? DEFAULT : `${DEFAULT}.${user.replace(/[^\w-]/g, '_')}`;
}

/** The public key in a credentials file; `undefined` for a file that the client will refuse. */
export function publicKeyIn(credentials: Uint8Array): string | undefined {
  const [seed] = /\bSU[A-Z2-7]{56}\b/.exec(new TextDecoder().decode(credentials)) ?? [];
  try {
    return seed === undefined ? undefined : publicKeyOf(new TextEncoder().encode(seed));
  } catch {
    return undefined;
  }
}

export function publicKeyOf(seed: Uint8Array): string {
  return nkeys.fromSeed(seed).getPublicKey();
}
