/** `meridian verify` */
import process from 'node:process';
import type { Command } from 'commander';
import { Database } from '../../database/database.ts';
import { type DatabaseLock, lockDatabase } from '../../database/lock.ts';
import { withoutUnused } from '../../integrity/unused.ts';
import { verify } from '../../integrity/verify.ts';
import { settleAll } from '../../shared/async/settle.ts';
import { type Repair, repair } from '../../shop/cli/repair.ts';
import { declarationOf, populatedDatabases } from '../../shop/regions/databases.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { FAILED } from '../output/exit-code.ts';
import { formatNumber, Output, type OutputOptions, printable, renderTable } from '../output/terminal.ts';

export function addVerifyCommand(program: Command): void {
  withOutputOptions(
    program
      .command('verify')
      .summary('check every stored row and every reference')
      .description(
        'Checks the rules on every stored row and the references between the databases, those of regions that are there among ' +
          'them; exits 1 if something is wrong.',
      )
      .option(
        '--repair',
        'first confirm or cancel the pending orders of the regions, as far as users and products can be asked',
      ),
    'object',
  ).action(async (options: OutputOptions & { readonly repair?: boolean }) => {
    const output = new Output(options);
    const repaired = options.repair ? await repair(output) : undefined;
    process.exitCode = Math.max(repaired?.exitCode ?? 0, await run(output, repaired));
  });
}

async function run(output: Output, repaired?: Repair): Promise<number> {
  const locks: DatabaseLock[] = [];
  const known = populatedDatabases().map((declaration) => new Database(declaration, { create: false }));
  try {
    await settleAll(known.map((database) => database.connect()));
    const databases = withoutUnused(known);
    // a load that is under way may show orders whose users are still to come
    for (const database of databases) {
      locks.push(await lockDatabase(database));
    }
    const verdicts = await verify(databases);
    const rows = Object.entries(verdicts);
    for (const [name, { examples, violations }] of rows) {
      const isRegional = name.includes('.');
      for (const { entity = declarationOf(name)?.entity.name, id, errors } of examples) {
        // the same order may be in several regions
        const where = isRegional ? `${name}: ` : '';
        output.complain(printable(`${where}${entity} ${id}: ${errors.map(({ message }) => message).join('; ')}`));
      }
      if (violations > examples.length) {
        output.complain(`${name}: and ${formatNumber(violations - examples.length)} more`);
      }
    }
    output.say(
      renderTable(
        ['database', 'rows', 'wrong'],
        rows.map(([name, { rows, violations }]) => [name, rows, violations]),
      ),
    );
    output.json(repaired === undefined ? verdicts : { ...verdicts, repaired: repaired.settlements });
    return rows.every(([, { violations }]) => violations === 0) ? 0 : FAILED;
  } finally {
    await Promise.allSettled(known.map((database) => database.close()));
    for (const lock of locks) {
      lock.release();
    }
  }
}
