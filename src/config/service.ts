/** Services: work that `meridian serve` does in the background, where the config or `--run` names it. */

export interface Service {
  /** The name in `--run` and in the config. */
  readonly name: string;
  /**
   * Runs until the signal is aborted; then it finishes its current work, and returns. When it throws, it is restarted.
   *
   * @param onReady called when the service is working, also after a failure
   */
  run(signal: AbortSignal, output: ServiceOutput, onReady: () => void): Promise<void>;
}

/** Where a service reports. */
export interface ServiceOutput {
  note(sentence: string): void;
  /** Reports a problem. */
  complain(sentence: string): void;
  /** Reports a failure that is retried automatically. */
  retrying(sentence: string, milliseconds: number): void;
}

/** The handle with which a module starts and stops its service. */
export interface ServiceControl {
  readonly isRunning: boolean;
  /** The reason of the last failure, while the service waits for its restart. */
  readonly error: string | null;
  start(): void;
  /** Stops the service, and waits until it has finished its current work. */
  stop(): Promise<void>;
}
