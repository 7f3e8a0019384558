/** Variables for a page whose commands start npm: what the reader's npm is set to, and answers without a person. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { systemPath } from '../system-programs.ts';

/** `env` without what an npm that runs these tests has set for them. */
export function npmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name))),
    // npm looks for it beside the Node.js that runs it, which is that of the checkout here; it may name certificates and a registry
    npm_config_globalconfig: globalConfig(),
    // otherwise npx installs a package of the registry where one is missing
    npm_config_yes: 'false',
    // requests are printed, and a registry that does not answer is soon an error
    npm_config_loglevel: 'http',
    npm_config_fetch_timeout: '60000',
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
  };
}

function globalConfig(): string {
  const env = { ...process.env, PATH: systemPath() };
  return spawnSync('npm', ['config', 'get', 'globalconfig'], { encoding: 'utf8', env }).stdout.trim();
}
