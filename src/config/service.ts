/** Work that `meridian serve` does beside answering requests, where the config or `--run` names it. */

export interface Service {
  /** Names it in `--run` and in the config. */
  readonly name: string;
  /**
   * Runs until the signal is aborted; then it finishes what is under way, and returns. When it throws, it is started again.
   *
   * @param onReady called when it works, also after a failure
   */
  run(signal: AbortSignal, output: ServiceOutput, onReady: () => void): Promise<void>;
}

/** Where a service reports. */
export interface ServiceOutput {
  note(sentence: string): void;
  /** Something that went wrong. */
  complain(sentence: string): void;
  /** A failure that is retried automatically. */
  retrying(sentence: string, milliseconds: number): void;
}

/** A service of a server, which its module may start and stop. */
export interface ServiceControl {
  readonly isRunning: boolean;
  /** Why it failed, and is to be started again. */
  readonly error: string | null;
  start(): void;
  /** Waits until it has finished what is under way. */
  stop(): Promise<void>;
}
