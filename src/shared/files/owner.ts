/** Which process something belongs to, and whether that process has ended. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';

export interface Owner {
  /** Where process ids can be compared: a machine, or a container on it. */
  readonly space: string;
  readonly pid: number;
  /** Tells two processes apart that have had the same id, where the system says so; else empty. */
  readonly start: string;
}

export function thisProcess(): Owner {
  return { space: spaceOf(), pid: process.pid, start: startOf(process.pid) };
}

/** Whether it is known that the process runs no more. */
export function hasEnded({ space, pid, start }: Owner): boolean {
  return space === spaceOf() && (!isAlive(pid) || startOf(pid) !== start);
}

/** @returns nothing for a text that `JSON.stringify` has not made of an owner */
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

/** In clock ticks since the machine has started; empty where there is no such process, or the system does not say. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') {
    return '';
  }
  try {
    // the 22nd field; the second one is a name in parentheses, in which anything may stand
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
