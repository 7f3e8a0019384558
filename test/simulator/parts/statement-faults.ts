/** Faults at single statements: a process is killed before or after one, or gets an error of the disk instead of its result. */
import type { SimulatedProcess } from '../kernel/simulated-process.ts';
import type { Effects } from './effects.ts';

/** A statement that is about to run, or has just run. */
export interface RunningStatement {
  readonly process: SimulatedProcess;
  readonly sql: string;
  readonly isInTransaction: boolean;
  /** Whether several requests share the transaction. */
  readonly isInGroup: boolean;
}

export interface DiskError {
  readonly code: 'SQLITE_FULL' | 'SQLITE_IOERR';
  readonly message: string;
  /** Whether SQLite rolls back the transaction by itself. */
  readonly endsTransaction: boolean;
}

const FULL: DiskError = { code: 'SQLITE_FULL', message: 'database or disk is full', endsTransaction: true };
const BROKEN: DiskError = { code: 'SQLITE_IOERR', message: 'disk I/O error', endsTransaction: false };

interface Countdown {
  left: number;
}

interface Kill extends Countdown {
  readonly when: 'before' | 'after';
  readonly killed: () => void;
}

export class StatementFaults {
  readonly #effects: Effects;
  readonly #kills = new Map<SimulatedProcess, Kill>();
  readonly #errors = new Map<SimulatedProcess, Countdown>();
  /** Whether the disk of a process is full. */
  isFull: (process: SimulatedProcess) => boolean = () => false;
  /** How many times longer than usual statements of a process take. */
  slowness: (process: SimulatedProcess) => number = () => 1;

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  /** Kills the process at its statement after so many others. */
  kill(process: SimulatedProcess, statements: number, when: 'before' | 'after', killed: () => void): void {
    this.#kills.set(process, { left: statements, when, killed });
  }

  /** Fails the statement of the process after so many others. */
  fail(process: SimulatedProcess, statements: number): void {
    this.#errors.set(process, { left: statements });
  }

  clear(): void {
    this.#kills.clear();
    this.#errors.clear();
    this.isFull = () => false;
    this.slowness = () => 1;
  }

  killsBefore(statement: RunningStatement): boolean {
    return this.#kills.get(statement.process)?.when === 'before' && this.#countKill(statement);
  }

  killsAfter(statement: RunningStatement): boolean {
    return this.#kills.get(statement.process)?.when === 'after' && this.#countKill(statement);
  }

  errorOf(statement: RunningStatement): DiskError | undefined {
    const { process } = statement;
    if (this.isFull(process) && isWrite(statement.sql)) {
      this.#effects.count('disk full', stateOf(statement));
      return FULL;
    }
    const armed = this.#errors.get(process);
    if (armed === undefined || armed.left-- > 0) {
      return undefined;
    }
    this.#errors.delete(process);
    this.#effects.count('disk error', stateOf(statement));
    return BROKEN;
  }

  #countKill(statement: RunningStatement): boolean {
    const { process } = statement;
    const kill = this.#kills.get(process);
    if (kill === undefined || kill.left-- > 0) {
      return false;
    }
    this.#kills.delete(process);
    this.#effects.count(`kill ${kill.when} a statement`, stateOf(statement));
    kill.killed();
    return true;
  }
}

function isWrite(sql: string): boolean {
  return /^\s*(insert|update|delete|commit|create)/i.test(sql);
}

/** Who does what to which database, for the coverage of faults. */
function stateOf({ process, sql, isInTransaction, isInGroup }: RunningStatement): string {
  const [verb = 'statement'] = /^\s*\w+/.exec(sql.toLowerCase()) ?? [];
  const [role] = process.name.split(' ');
  return `${role}: ${verb.trim()}${isInGroup ? ' in a group' : isInTransaction ? ' in a transaction' : ''}`;
}
