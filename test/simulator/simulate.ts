/** Runs a plan: first its operations and faults, then a calm in which everything has to come to rest; and says what it has found. */
import process from 'node:process';
import { openRegion } from '../../src/shop/trading/region.ts';
import { settlePending } from '../../src/shop/trading/settle-pending.ts';
import { scheduleFaults } from './faults.ts';
import { Trace, type TraceEntry } from './kernel/trace.ts';
import { checkEnd } from './oracles/end.ts';
import { CommitOracles, type Finding } from './oracles/every-commit.ts';
import { type RelayStateRow, relayState as readRelayState } from './oracles/oracle.ts';
import { DatabaseFiles } from './parts/files.ts';
import { PostgresqlLane } from './parts/postgresql/lane.ts';
import type { Server } from './parts/postgresql/server.ts';
import {
  CENTRAL,
  canBeAway,
  machineOf,
  ordersDatabase,
  type Plan,
  populateProcess,
  regionOfDatabase,
  SYNC,
  shippers,
} from './plan.ts';
import { centralProgram } from './programs/central.ts';
import { COMPONENTS, componentsProgram } from './programs/components.ts';
import { isLoaded, populateProgram } from './programs/populate.ts';
import { relayProgram } from './programs/relay.ts';
import { Requests, sellerProgram } from './programs/seller.ts';
import { syncProgram } from './programs/sync.ts';
import { unfinished } from './quiet.ts';
import { type Program, World } from './world.ts';

/** How long everything may take to come to rest once all is well. */
const CALM_MILLISECONDS = 60_000;
/** How often it is looked whether it has. */
const LOOK_MILLISECONDS = 1000;

/** `unknown`: nothing has gone wrong, and no fault took effect that could have made anything go wrong. */
type Verdict = 'passed' | 'failed' | 'unknown';

export interface Result {
  readonly plan: Plan;
  readonly verdict: Verdict;
  /** The first is what went wrong first. */
  readonly findings: readonly Finding[];
  /** Of all statements and their results, and of all rows at the end; nothing for what does not repeat. */
  readonly digest: string | undefined;
  /** Fault -> how often it took effect. */
  readonly effects: ReadonlyMap<string, number>;
  /** Fault × state of what it met -> how often. */
  readonly states: ReadonlyMap<string, number>;
  readonly entries: readonly TraceEntry[];
  /** Every statement, if they were asked for. */
  readonly lines: readonly string[];
  readonly figures: {
    readonly virtualSeconds: number;
    readonly statements: number;
    readonly commits: number;
    readonly messages: number;
    readonly answers: number;
    readonly steps: number;
  };
}

export interface SimulateOptions {
  /** The folder with the migrated templates. */
  readonly templates: string;
  /** For the databases; made anew, and deleted. */
  readonly folder: string;
  readonly keepsLines?: boolean;
  /** Has the databases instead of SQLite files. */
  readonly server?: Server | undefined;
}

/** @throws Error for a plan whose faults files cannot have */
export async function simulate(plan: Plan, options: SimulateOptions): Promise<Result> {
  const { templates, folder, keepsLines, server } = options;
  if (server === undefined) {
    refuseUnlessSimulated(plan);
  }
  const files = new DatabaseFiles(templates, folder, plan.regions);
  const trace = new Trace(keepsLines);
  const lane = server && (await PostgresqlLane.begin(server, files));
  const world = new World(plan, files, trace, lane);
  const oracles = new CommitOracles(
    (region, key) => world.answers.isCancellationRequested(region, key),
    plan.loads !== undefined,
  );
  const findings: Finding[] = [];
  const shown = new Map<string, string>();
  const { kernel } = world;
  const leave = enterTemporaryFolder(files.folder('temporary'));
  world.listen({
    committed: ({ name }, database, tables) => {
      let known: RelayStateRow | undefined;
      const relayState = () => {
        known ??= readRelayState(world.views, database);
        return known;
      };
      if (tables?.has('relay_state') !== false) {
        showRelayState(world, database, shown, relayState);
      }
      if (findings.length === 0) {
        const found = oracles.check(world.views, { database, process: name, tables, relayState }, kernel.time);
        findings.push(...found);
      }
    },
    restored: (database) => oracles.restored(database),
  });
  const hasFailed = () => findings.length > 0 || world.unexpected.length > 0;
  installAll(world);
  const calm = scheduleFaults(world);
  try {
    await kernel.runUntil(plan.milliseconds, hasFailed);
    await calm();
    const reason = hasFailed() ? undefined : await untilQuiet(world, hasFailed);
    if (reason !== undefined) {
      findings.push({ oracle: 'quiet', at: kernel.time, text: `after ${CALM_MILLISECONDS / 1000} s: ${reason}` });
    }
    world.killAll();
    await world.refresh();
    findings.push(...world.unexpected.map((text) => ({ oracle: 'unexpected error', at: kernel.time, text })));
    if (findings.length === 0) {
      const violations = await checkEnd(world);
      findings.push(...violations.map((one) => ({ ...one, at: kernel.time })));
    }
    for (const { oracle, at, text } of findings) {
      trace.show({ at, lane: 'oracle', kind: oracle, text });
    }
    return {
      plan,
      verdict: findings.length > 0 ? 'failed' : isVacuous(world) ? 'unknown' : 'passed',
      findings,
      digest: server === undefined ? `${trace.digest()}-${world.views.digest()}` : undefined,
      effects: world.effects.counts,
      states: world.effects.states,
      entries: trace.entries,
      lines: trace.lines,
      figures: {
        virtualSeconds: kernel.time / 1000,
        statements: world.statements,
        commits: oracles.commits,
        messages: world.network.messages,
        answers: world.answers.total,
        steps: kernel.steps,
      },
    };
  } finally {
    world.close();
    await lane?.end();
    leave();
    await files.delete();
  }
}

function refuseUnlessSimulated(plan: Plan): void {
  for (const fault of plan.faults) {
    if (fault.kind === 'database away' && !canBeAway(fault.database, plan)) {
      throw new Error(`The plan takes ${fault.database} away at ${fault.at} ms, a file that processes write to.`);
    }
  }
}

/**
 * Programs make temporary files in the simulated world, where one that was killed leaves them, as its last act when it ends is left undone.
 *
 * @returns ends this
 */
function enterTemporaryFolder(folder: string): () => void {
  const usual = process.env['TMPDIR'];
  const listeners = process.listeners('exit');
  process.env['TMPDIR'] = folder;
  return () => {
    if (usual === undefined) {
      delete process.env['TMPDIR'];
    } else {
      process.env['TMPDIR'] = usual;
    }
    for (const listener of process.listeners('exit').filter((one) => !listeners.includes(one))) {
      process.off('exit', listener);
    }
  };
}

/** Epoch, last acknowledged and next event of a region, whenever they change. */
function showRelayState(
  world: World,
  database: string,
  shown: Map<string, string>,
  relayState: () => RelayStateRow,
): void {
  const region = regionOfDatabase(database);
  if (region !== undefined) {
    const { epoch, acked, next } = relayState();
    const text = `${epoch}, ${acked}, ${next}`;
    if (shown.get(region) !== text) {
      shown.set(region, text);
      world.show(region, 'state', text, { epoch, acked, next });
    }
  }
}

function installAll(world: World): void {
  const { plan } = world;
  const ofCentral = [CENTRAL, 'documents'];
  if (plan.sync) {
    const databases = [...ofCentral, ...plan.regions.map(ordersDatabase)];
    world.install({ name: SYNC, machine: CENTRAL, databases, program: syncProgram });
  } else {
    world.install({ name: CENTRAL, machine: CENTRAL, databases: ofCentral, program: centralProgram });
  }
  for (const region of plan.regions) {
    const databases = [ordersDatabase(region)];
    const machine = machineOf(plan, region);
    for (const name of plan.sync ? [] : shippers(plan, region)) {
      world.install({ name, machine, databases, program: relayProgram(region) });
    }
    const operations = plan.operations.filter((operation) => operation.region === region);
    const { seller = [], settler = [] } = Object.groupBy(operations, ({ kind }) =>
      kind === 'settle' ? 'settler' : 'seller',
    );
    for (const [role, requests] of Object.entries({ seller, settler })) {
      const program = sellerProgram(region, new Requests(requests));
      world.install({ name: `${role} ${region}`, machine, databases, program });
    }
  }
  if (plan.lists !== undefined) {
    const databases = ['documents'];
    world.install({ name: COMPONENTS, machine: CENTRAL, databases, program: componentsProgram(plan.lists) });
  }
  for (const load of plan.loads ?? []) {
    const { region } = load;
    world.install({
      name: populateProcess(load),
      machine: machineOf(plan, region),
      databases: [ordersDatabase(region)],
      program: populateProgram(load),
      isDone: () => isLoaded(world, load),
    });
  }
}

/** @returns what is not done when the time is over */
async function untilQuiet(world: World, hasFailed: () => boolean): Promise<string | undefined> {
  const { kernel, plan } = world;
  const deadline = kernel.time + CALM_MILLISECONDS;
  for (let round = 0; ; round++) {
    await kernel.runUntil(kernel.time + LOOK_MILLISECONDS, hasFailed);
    if (hasFailed()) {
      return undefined;
    }
    await world.refresh();
    const clients = [COMPONENTS, ...plan.regions.flatMap((region) => [`seller ${region}`, `settler ${region}`])];
    const sellers = clients.filter((name) => world.running(name) !== undefined);
    const loads = (plan.loads ?? []).filter((load) => !isLoaded(world, load)).map(populateProcess);
    const running = [...sellers, ...loads];
    const reason = running.length > 0 ? `${running.join(', ')} have not finished` : unfinished(world);
    if (reason === undefined || kernel.time >= deadline) {
      return reason;
    }
    // one that has ended, and of which a restored region knows nothing
    for (const name of loads) {
      world.start(name);
    }
    if (running.length === 0 && reason.includes('pending')) {
      for (const region of plan.regions) {
        world.runOnce(`settle ${region} ${round}`, region, settleProgram(region));
      }
    }
  }
}

function settleProgram(name: string): Program {
  return async (world) => {
    const region = await openRegion(name, { databaseOptions: (database) => world.databaseOptions(database) });
    await settlePending(region);
    await region.close();
  };
}

/** Whether no process was killed, nothing restored and nothing delivered twice. */
function isVacuous({ effects }: World): boolean {
  return ![...effects.counts.keys()].some((kind) =>
    /^(kill|power|restore|promotion|pause|message (lost|red|doubled))/.test(kind),
  );
}
