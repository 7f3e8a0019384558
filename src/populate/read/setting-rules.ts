/** Validates settings: the same rules apply to the command line, the config and programs. */

interface SettingRule {
  /** Completes the sentence "… has to be …". */
  readonly expected: string;
  isRight(value: unknown): boolean;
}

export type SettingRules<Settings> = { readonly [Name in keyof Required<Settings>]: SettingRule };
