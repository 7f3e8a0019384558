/** Parses addresses and ports on the command line. */
import { InvalidArgumentError } from 'commander';

const MAX_PORT = 65_535;

export function hostOf(text: string): string {
  // an empty address, for example from an unset variable, would mean all addresses
  if (text.trim() === '') {
    throw new InvalidArgumentError('It has to be an address, such as 127.0.0.1, or 0.0.0.0 for all addresses.');
  }
  return text;
}

export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > MAX_PORT) {
    throw new InvalidArgumentError('It has to be a port from 1 to 65535, or 0 for any free port.');
  }
  return port;
}
