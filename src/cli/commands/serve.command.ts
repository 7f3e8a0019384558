/** `meridian serve` */

import process from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import type { Logger } from 'pino';
import type { Project } from '../../config/module.ts';
import type { ServiceOutput } from '../../config/service.ts';
import { DEFAULT_REQUESTS_PER_MINUTE } from '../../http/security/limits.ts';
import { setTimer } from '../../shared/environment.ts';
import { untilInterrupted } from '../interruption.ts';
import { hostOf, portOf } from '../options/address.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { ListOption } from '../options/list.option.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { FAILED } from '../output/exit-code.ts';
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
  /** Names of services to run; `false` for none. */
  readonly run?: readonly string[] | false;
  readonly log?: string;
}

const DEFAULT_PORT = 8080;
const DEFAULT_HOST = '127.0.0.1';

/** After this time, running work is aborted: the same upload continues a load, and the next relay ships an event. */
const STOP_SECONDS = 9.5;

export function defineServeCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description(
        'Serves the databases over HTTP until it is stopped; SIGTERM or Ctrl-C ends requests first. ' +
          'Without --host it is reached from this machine only, and needs no token. It has a page, and /openapi.json describes the API.',
      )
      .option('--port <number>', 'listen on this port; 0 takes any free one', portOf, DEFAULT_PORT)
      .option('--host <address>', 'listen on this address; any but this machine needs tokens', hostOf, DEFAULT_HOST)
      .option(
        '--origin <url>',
        'where a proxy makes it reachable, such as https://meridian.example; needs tokens',
        originOf,
      )
      .option('--require-token', 'requests from this machine need a token as well')
      .option(
        '--requests-per-minute <number>',
        'of one token, or of this machine',
        wholeNumber,
        DEFAULT_REQUESTS_PER_MINUTE,
      )
      .option('--max-upload-bytes <number>', 'of one upload (default: as much as the disk holds)', wholeNumber)
      .addOption(
        new ListOption(
          '--run <service>',
          'also run this service of a module, such as sync of the shop (default: those of the config)',
        ),
      )
      .option('--no-run', 'run none, whatever the config says')
      .option('--log <file>', `the log of requests (default: that of the config, or ${LOG_FILE})`),
    'value a line',
  ).action(async (options: Options) => {
    process.exitCode = await run(options, project);
  });
}

function servicesOf({ run: given }: Options, { defaults = {} }: Project): readonly string[] {
  return given === false ? [] : [...new Set(given ?? defaults.services)];
}

async function run(options: Options, project: Project): Promise<number> {
  const output = new Output(options);
  const services = servicesOf(options, project);
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
      logRequest: log.info,
      services,
      serviceOutput: serviceOutput(output, log.logger),
    });
    try {
      const url = await server.listen(options.port);
      const access = server.requiresToken ? 'every request needs a token' : 'requests from this machine need no token';
      output.note(`Serving ${url}; ${access}. Open it in a browser; ${url}/api is a page to try the API.`);
      output.jsonLine({ url, requiresToken: server.requiresToken, services });
      await untilInterrupted(() => output.note('Stopping after the current requests.'), stopped);
    } finally {
      await within(STOP_SECONDS, server.close(), () => {
        output.complain('Stopping takes too long, and what still runs is cut off. The same upload continues a load.');
        log.close();
        process.exit(FAILED);
      });
    }
  } finally {
    stopFlushing();
    log.close();
  }
  return 0;
}

/** Reports services to people and to the log. */
function serviceOutput(output: Output, logger: Logger): ServiceOutput {
  return {
    note(sentence) {
      output.note(sentence);
      logger.info(sentence);
    },
    complain(sentence) {
      output.complain(sentence);
      logger.warn(sentence);
    },
    retrying(sentence, milliseconds) {
      output.retrying(sentence, milliseconds);
      logger.warn({ milliseconds }, sentence);
    },
  };
}

async function within(seconds: number, work: Promise<void>, late: () => void): Promise<void> {
  const cancel = setTimer(seconds * 1000, late);
  try {
    await work;
  } finally {
    cancel();
  }
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
