/** `meridian serve` */

import process from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import type { Project } from '../../config/module.ts';
import { DEFAULT_REQUESTS_PER_MINUTE } from '../../http/security/limits.ts';
import { setTimer } from '../../shared/environment.ts';
import { untilInterrupted } from '../interruption.ts';
import { hostOf, portOf } from '../options/address.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { LOG_FILE, openLog } from '../output/log.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { populatedDatabases } from '../project.ts';

interface Options extends OutputOptions {
  readonly port: number;
  readonly host: string;
  readonly origin?: URL;
  readonly requireToken?: boolean;
  readonly requestsPerMinute: number;
  readonly maxUploadBytes?: number;
  readonly log?: string;
}

const DEFAULT_PORT = 8080;
const DEFAULT_HOST = '127.0.0.1';

export function defineServeCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description(
        'Serves the databases over HTTP until it is stopped; SIGTERM or Ctrl-C ends requests first. ' +
          'Without --host it is reached from this machine only, and needs no token. It has a page, and /openapi.json describes the API.',
      )
      .option('--port <number>', 'listen on this port; 0 takes any free one', portOf, DEFAULT_PORT)
      .option('--host <address>', 'listen on this address; any but this machine needs tokens', hostOf, DEFAULT_HOST)
      .option('--origin <url>', 'where it is reached from outside, such as https://meridian.example', originOf)
      .option('--require-token', 'requests from this machine need a token as well')
      .option(
        '--requests-per-minute <number>',
        'of one token, or of this machine',
        wholeNumber,
        DEFAULT_REQUESTS_PER_MINUTE,
      )
      .option('--max-upload-bytes <number>', 'of one upload (default: as much as the disk holds)', wholeNumber)
      .option('--log <file>', `the log of requests (default: that of the config, or ${LOG_FILE})`),
    'value a line',
  ).action(async (options: Options) => {
    process.exitCode = await run(options, project);
  });
}

async function run(options: Options, project: Project): Promise<number> {
  const output = new Output(options);
  const log = openLog((sentence) => output.complain(sentence), options.log ?? project.defaults?.log ?? LOG_FILE);
  const stopFlushing = setTimer(1000, () => log.flush(), { repeat: true });
  try {
    const { makeServer } = await import('../../http/server.ts');
    const server = await makeServer({
      project,
      databases: () => populatedDatabases(project),
      host: options.host,
      ...(options.origin === undefined ? {} : { origin: options.origin }),
      requiresToken: options.requireToken ?? false,
      requestsPerMinute: options.requestsPerMinute,
      ...(options.maxUploadBytes === undefined ? {} : { maxUploadBytes: options.maxUploadBytes }),
      logger: log.logger,
    });
    try {
      const url = await server.listen(options.port);
      const access = server.requiresToken ? 'every request needs a token' : 'requests from this machine need no token';
      output.note(`Serving ${url}; ${access}. Open it in a browser; ${url}/api is a page to try the API.`);
      output.jsonLine({ url, requiresToken: server.requiresToken });
      await untilInterrupted(() => output.note('Stopping after the current requests.'), stopped);
    } finally {
      await server.close();
    }
  } finally {
    stopFlushing();
    log.close();
  }
  return 0;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function originOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.origin !== text.replace(/\/$/, '')) {
    throw new InvalidArgumentError('It has to be a scheme and a host, such as https://meridian.example.');
  }
  return url;
}
