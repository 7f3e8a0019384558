/** The inbox in which a user of NATS receives answers: one of its own, so that a user who may read only that one reads no others. */
import { nkeys } from '@nats-io/transport-node';

/** The inbox of clients that configure none. */
const DEFAULT = '_INBOX';

/** `_INBOX.relay-boston`; the default where there is no user, as with a token. */
export function inboxOf(user: string | undefined): string {
  return user === undefined ? DEFAULT : `${DEFAULT}.${user.replace(/[^\w-]/g, '_')}`;
}

/** The public key of a credentials file; nothing for a file that the client will refuse. */
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
