/** The screens of the page, and which of them is shown. */
import type { ComponentType } from 'preact';
import type { Addresses } from './addresses.ts';
import type { Place } from './place.ts';

export interface Screen {
  /** The first part of its path; empty for the one that is shown first. */
  readonly name: string;
  readonly title: string;
  /** Shown where the server has this operation; everywhere, where none is named. */
  readonly needs?: string;
  /** Where they are not named, nothing in an address is said to be unknown. */
  readonly addresses?: Addresses;
  readonly Content: ComponentType;
}

export function servedScreens(screens: readonly Screen[], operations: readonly string[]): readonly Screen[] {
  return screens.filter(({ needs }) => needs === undefined || operations.includes(needs));
}

/** @returns `undefined` where no screen has the name */
export function screenAt(screens: readonly Screen[], { path: [name = ''] }: Place): Screen | undefined {
  return screens.find((one) => one.name === name);
}
