/** Stops a command when references are checked, before rejects files are written. */
import { stopAtState } from './stop-at-state.ts';

stopAtState('checked');
