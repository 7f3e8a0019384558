/** Environment variables of this process, for a time. */
import process from 'node:process';

/** Makes these all the variables there are; returns what puts back the ones of before. */
export function replaceEnvironment(variables: NodeJS.ProcessEnv): () => void {
  const before = { ...process.env };
  assign(variables);
  return () => assign(before);
}

/** The object itself stays, for what reads `.env` writes to no other. */
function assign(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    if (variables[name] === undefined) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, variables);
}
