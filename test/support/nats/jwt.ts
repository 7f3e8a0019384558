/** A server that trusts an operator, and a user of one of its accounts: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt */
import { Buffer } from 'node:buffer';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

export interface Operator {
  /** Lines of the server's configuration. */
  readonly config: string;
  /** What a file of credentials holds. */
  readonly credentials: string;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const header = part({ typ: 'JWT', alg: 'ed25519-nkey' });
  const claims = part({
    jti: name,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name,
    nats: { version: 2, ...nats },
  });
  const signature = Buffer.from(issuer.sign(new TextEncoder().encode(`${header}.${claims}`)));
  return `${header}.${claims}.${signature.toString('base64url')}`;
}

const UNLIMITED = { subs: -1, data: -1, payload: -1 };

export function operator(): Operator {
  const [top, system, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const limits = { ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const jetStream = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const ofSystem = signed(top, system, 'system', { type: 'account', limits });
  const ofAccount = signed(top, account, 'shop', { type: 'account', limits: { ...limits, ...jetStream } });
  const ofUser = signed(account, user, 'relay', { type: 'user', pub: {}, sub: {}, ...UNLIMITED });
  return {
    config: `
operator: ${signed(top, top, 'operator', { type: 'operator' })}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: { ${system.getPublicKey()}: ${ofSystem}, ${account.getPublicKey()}: ${ofAccount} }`,
    credentials: `-----BEGIN NATS USER JWT-----
${ofUser}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${new TextDecoder().decode(user.getSeed())}
------END USER NKEY SEED------
`,
  };
}
