/** The screens of the page, and the selection of the current one. */
import type { ComponentType } from 'preact';
import type { Addresses } from './addresses.ts';
import type { Place } from './place.ts';

export interface Screen {
  /** The first segment of its path; empty for the start screen. */
  readonly name: string;
  readonly title: string;
  /** The operation that the server needs for this screen; without it, the screen is always shown. */
  readonly needs?: string;
  /** The valid addresses; without it, addresses are not checked. */
  readonly addresses?: Addresses;
  readonly Content: ComponentType;
}

export function servedScreens(screens: readonly Screen[], operations: readonly string[]): readonly Screen[] {
  return screens.filter(({ needs }) => needs === undefined || operations.includes(needs));
}

/** @returns `undefined` if no screen has the name */
export function screenAt(screens: readonly Screen[], { path: [name = ''] }: Place): Screen | undefined {
  return screens.find((one) => one.name === name);
}
