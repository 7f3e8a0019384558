/** Ends all other connections to a database before this process can notice, as a server that is killed does. */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { projectRoot } from '../../../src/shared/project.ts';

const PROGRAM = `
  import { Client } from 'pg';
  const client = new Client(process.argv[1]);
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
  );
  await client.end();`;

/** Blocks, so that the connections of this process are broken and still thought to be whole. */
export function terminateUnnoticed(url: string): void {
  execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM, '--', url], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'] },
  });
}
