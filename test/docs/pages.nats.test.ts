/** The commands of the pages that need a nats-server. */
import { expect, test } from '@jest/globals';
import { problemsOf } from '../support/documentation/problems.ts';
import { runPage } from '../support/documentation/run-page.ts';
import { NATS_SESSIONS } from '../support/documentation/sessions.ts';
import { makeFolder } from '../support/folder.ts';
import { describeWithNats, natsServer } from '../support/nats/available.ts';
import { startNats } from '../support/nats/server.ts';
import { freePort } from '../support/postgresql/server.ts';

describeWithNats('with NATS', () => {
  test.each(Object.entries(NATS_SESSIONS))('%s', async (page, sessionWith) => {
    const { url } = await startNats();
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const session = sessionWith({ url, program: natsServer, ports });
    expect(problemsOf(await runPage(page, makeFolder(), session))).toEqual([]);
  });
});
