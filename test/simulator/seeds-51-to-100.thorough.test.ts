/** Simulations of the shop: a range of seeds. */
import { simulateSeeds } from './simulate-seeds.ts';

simulateSeeds(51);
