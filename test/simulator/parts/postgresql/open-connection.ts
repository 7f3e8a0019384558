/** A connection to the server that a process has open. When its process ends, the server rolls back what is not committed. */
import type { Socket } from 'node:net';
import type { Resource } from '../../kernel/simulated-process.ts';
import type { Effects } from '../effects.ts';
import type { ServerClient } from './clients.ts';
import type { UnderWay, Work } from './under-way.ts';

interface Surroundings {
  readonly underWay: UnderWay;
  readonly effects: Effects;
}

export class OpenConnection implements Resource {
  readonly #client: ServerClient;
  readonly #surroundings: Surroundings;
  readonly #role: string;
  readonly #works = new Set<Work>();

  /** @param role of the process */
  constructor(client: ServerClient, surroundings: Surroundings, role: string) {
    this.#client = client;
    this.#surroundings = surroundings;
    this.#role = role;
  }

  /** Virtual time stands still while the work goes on. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    const { underWay } = this.#surroundings;
    const work: Work = { backend: () => this.#client.processID, role: this.#role };
    this.#works.add(work);
    underWay.begin(work);
    try {
      return await run();
    } finally {
      this.#works.delete(work);
      underWay.end(work);
    }
  }

  close(): void {
    if (this.#client.getTransactionStatus() === 'T') {
      this.#surroundings.effects.count('open transaction lost', this.#role);
    }
    for (const work of this.#works) {
      this.#surroundings.underWay.end(work);
    }
    // nothing of a process that is gone hears of it
    const { connection } = this.#client;
    connection.removeAllListeners();
    this.#client.removeAllListeners();
    silence(connection.stream);
  }
}

function silence(stream: Socket): void {
  stream.removeAllListeners();
  stream.on('error', () => undefined);
  stream.destroy();
}
