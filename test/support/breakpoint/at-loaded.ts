/** Stops a command when a load has got to the end of its source, before references are checked. */
import { stopAtState } from './stop-at-state.ts';

stopAtState('loaded');
