/** The project of `meridian.config.ts`: the tool with the shop. */
import { join } from 'node:path';
import { loadProject } from '../../src/config/project.ts';
import { projectRoot } from '../../src/shared/project.ts';

export const project = await loadProject(join(projectRoot, 'meridian.config.ts'));
