/** A page of a server in Chromium. Suites that need it are skipped where there is none, except in CI, where they fail. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Served } from '../served.ts';

/** Names the browser, where it is not Debian's. */
const VARIABLE = 'CHROMIUM';

const executablePath = process.env[VARIABLE] ?? '/usr/bin/chromium';

const REASON = `there is no ${executablePath} (${VARIABLE} names another one)`;

function isThere(): boolean {
  try {
    accessSync(executablePath, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Nothing is asked of other hosts. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TIMEOUT_MILLISECONDS = 10_000;

let browser: Browser | undefined;
const pages: Page[] = [];
/** What pages said that they should not: errors of scripts, and what the content security policy refused. */
const complaints: string[] = [];

/** For suites that need the browser. */
export function describeInBrowser(name: string, define: () => void): void {
  if (isThere()) {
    describe(name, () => {
      afterEach(async () => {
        await Promise.all(pages.splice(0).map((page) => page.context().close()));
        expect(complaints.splice(0)).toEqual([]);
      });
      afterAll(() => browser?.close());
      define();
    });
  } else if (process.env['CI']) {
    test(name, () => {
      throw new Error(`Tests in a browser cannot run: ${REASON}.`);
    });
  } else {
    describe.skip(`${name} [skipped: ${REASON}]`, define);
  }
}

export interface PageOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** Opens the page of a server, at a place such as `#/data`. */
export async function openPage(
  { server }: Served,
  place: string,
  { width = 1280, colorScheme = 'light' }: PageOptions = {},
): Promise<Page> {
  const url = await server.listen(0);
  browser ??= await chromium.launch({ executablePath, args: ARGUMENTS });
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MILLISECONDS);
  pages.push(page);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // an answer that is a problem is shown by the page itself
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await page.goto(`${url}/${place}`);
  return page;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What hinders people with disabilities, as axe sees it: nothing. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as readonly Violation[];
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** Headings stand over their figures, which are aligned to the right. */
export async function expectAlignedFigures(page: Page): Promise<void> {
  const crooked = await page.evaluate(`[...document.querySelectorAll('tbody td.figure')]
    .map((cell) => cell.closest('table').querySelectorAll('thead th')[cell.cellIndex])
    .filter((head) => getComputedStyle(head.querySelector('.right') ?? head).textAlign !== 'right')
    .map((head) => head.textContent)`);
  expect(crooked).toEqual([]);
}

/** A page never scrolls sideways as a whole. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const widths = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(widths)).toBe(0);
}
