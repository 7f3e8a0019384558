/** The audit log: records share commits. Where it cannot be written to, nothing is done without a record, and what is done is answered as done. */
import { expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { AuditLog } from '../../src/http/audit/audit-log.ts';
import { nextTurn } from '../../src/shared/environment.ts';
import { catalog } from '../../src/shop/catalog.ts';
import { forEachEngineMigratedThoroughly } from '../support/engines.ts';
import { bearer, type Served, serve } from '../support/served.ts';

const USERS = '/api/databases/users/user';
const alice = { id: 1, name: 'Alice', email: 'alice@example.com' };

/** SQL that makes the database of the server refuse to insert or to complete records. */
const REFUSE = {
  sqlite: (change: string) => [
    `create trigger refuse before ${change} on meridian_audit begin select raise(abort, 'the disk is broken'); end`,
  ],
  postgresql: (change: string) => [
    "create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is broken'; end $$",
    `create trigger refuse before ${change} on meridian_audit for each row execute function refuse()`,
  ],
};

forEachEngineMigratedThoroughly('catalog', (makePlace, engine) => {
  async function refusing(change: 'insert' | 'update', lines: string[] = []): Promise<Served> {
    const logger = pino({}, { write: (line: string) => void lines.push(line) });
    const served = await serve(await makePlace(), catalog, { logger });
    for (const statement of REFUSE[engine](change)) {
      await served.server.state.fork().execute(statement);
    }
    return served;
  }

  test('a write whose record cannot be completed is answered as what it is, and its outcome is unknown', async () => {
    const lines: string[] = [];
    const { ask, token } = await refusing('update', lines);
    const made = await ask('POST', USERS, { body: alice });
    expect(made).toMatchObject({ status: 201, body: alice });
    expect(await ask('POST', USERS, { body: { ...alice, name: '' } })).toMatchObject({ status: 422 });
    const headers = bearer(await token('read'));
    expect(await ask('DELETE', `${USERS}/1`, { headers })).toMatchObject({ status: 403 });
    expect((await ask('GET', '/api/audit')).body.records.map(({ outcome }) => outcome)).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
    const failed = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /audit record/.test(msg));
    expect(failed).toHaveLength(3);
    expect(failed[0]).toMatchObject({ request: made.headers['x-request-id'], status: 201 });
    expect(JSON.stringify(failed[0].err)).toContain('the disk is broken');
  });

  test('a write whose record cannot be begun is not done', async () => {
    const { ask } = await refusing('insert');
    expect((await ask('POST', USERS, { body: alice })).status).toBeGreaterThanOrEqual(500);
    expect(await ask('GET', `${USERS}/1`)).toMatchObject({ status: 404 });
  });

  test('records that arrive one turn of the event loop after the other share a commit', async () => {
    const { server, ask } = await serve(await makePlace(), catalog);
    const transactions = jest.spyOn(server.state, 'transaction');
    const audit = new AuditLog(server.state);
    const who = {
      actorId: 'local',
      actorName: 'local',
      role: 'admin',
      operation: 'createRow',
      method: 'POST',
      path: USERS,
    };
    const commits: Promise<void>[] = [];
    for (let number = 1; number <= 5; number++) {
      const turn = nextTurn();
      commits.push(audit.start({ id: `record-${number}`, ...who }));
      await turn;
    }
    await Promise.all(commits);
    expect(transactions).toHaveBeenCalledTimes(1);
    expect((await ask('GET', '/api/audit')).body.records).toHaveLength(5);
  });
});
