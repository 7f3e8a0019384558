/** Runs the services of modules in the background of a server. A failed service is restarted. */
import type { Service, ServiceControl, ServiceOutput } from '../config/service.ts';
import { MeridianError } from '../shared/errors.ts';
import { RepeatedService } from './repeated-service.ts';

export interface ServiceState {
  readonly service: string;
  readonly state: 'running' | 'failing' | 'stopped';
  /** The reason of the last failure, while the service waits for its restart. */
  readonly reason: string | null;
}

export class Services {
  readonly #output: ServiceOutput;
  readonly #services = new Map<string, RepeatedService>();

  constructor(output: ServiceOutput) {
    this.#output = output;
  }

  offer(service: Service): ServiceControl {
    const repeated = new RepeatedService(service, this.#output);
    this.#services.set(service.name, repeated);
    return repeated;
  }

  /** @throws MeridianError `usage` for a name that no service has */
  refuseUnknown(names: readonly string[]): void {
    const unknown = names.find((name) => !this.#services.has(name));
    if (unknown !== undefined) {
      const known = [...this.#services.keys()].join(', ');
      const advice = known === '' ? 'No module of the config has one.' : `Those of the modules are ${known}.`;
      throw new MeridianError('usage', `There is no service "${unknown}" to run. ${advice}`);
    }
  }

  start(names: readonly string[]): void {
    for (const name of names) {
      this.#services.get(name)?.start();
    }
  }

  /** Stops all services for good. */
  async stop(): Promise<void> {
    await Promise.all([...this.#services.values()].map((one) => one.end()));
  }

  states(): readonly ServiceState[] {
    return [...this.#services].map(([service, { isRunning, error: reason }]) => ({
      service,
      state: reason !== null ? 'failing' : isRunning ? 'running' : 'stopped',
      reason,
    }));
  }
}
