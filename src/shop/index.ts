/** What a project imports from `meridian/shop`: the shop that Meridian ships with, as a module. */
import type { Module } from '../config/module.ts';
import { shop as shopModule } from './cli/shop.module.ts';

/** The commands, menu entries, regions and reports of the shop, for the `modules` of a config. */
export function shop(): Module {
  return shopModule;
}
