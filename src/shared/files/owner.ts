/** The process that owns something, and whether that process has ended. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

export interface Owner {
  /** The scope in which process ids are unique: a machine, or a container on it. */
  readonly space: string;
  readonly pid: number;
  /** Distinguishes processes that have reused an id, where the system reports start times; else empty. */
  readonly start: string;
}

export function thisProcess(): Owner {
  return { space: spaceOf(), pid: process.pid, start: startOf(process.pid) };
}

/** Whether the process is known to have ended. */
export function hasEnded({ space, pid, start }: Owner): boolean {
  return space === spaceOf() && (!isAlive(pid) || startOf(pid) !== start);
}

/** @returns nothing for a text that is not an owner in JSON */
export function parseOwner(text: string): Owner | undefined {
  try {
    const { space, pid, start } = JSON.parse(text) as Partial<Owner>;
    return typeof space === 'string' && Number.isSafeInteger(pid) && typeof start === 'string'
      ? { space, pid: Number(pid), start }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}

function spaceOf(): string {
  // containers have ids of their own
  const namespace = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
  return `${hostname()} ${namespace}`;
}

/** Start time in clock ticks since boot; empty if there is no such process, or the system does not report it. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') {
    return '';
  }
  try {
    // the 22nd field; the second is a name in parentheses that may contain any character
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, '').trim().split(' ');
    return fields[19] ?? '';
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return '';
    }
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
