/** What a browser measures of the page: its first paint, and the frames while a list is scrolled. */
import { accessSync, constants } from 'node:fs';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Names the browser, where it is not Debian's. */
const VARIABLE = 'CHROMIUM';

const executablePath = process.env[VARIABLE] ?? '/usr/bin/chromium';

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

const VIEWPORT = { width: 1280, height: 900 };

/** All rows of a list are read in this time, or the benchmark fails. */
const READ_MILLISECONDS = 120_000;

/** A frame scrolls by less than a screen, so that rows can be followed, and by as much as a dragged scrollbar. */
export const STEP_PIXELS = 500;

/** Why there is no browser; undefined when there is one. */
export function browserUnavailable(): string | undefined {
  try {
    accessSync(executablePath, constants.X_OK);
    return undefined;
  } catch {
    return `there is no ${executablePath} (${VARIABLE} names another one)`;
  }
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** Milliseconds from the start of the navigation to the first text that is painted, with an empty cache. */
export function firstPaint(browser: Browser, url: string): Promise<number> {
  return inFreshContext(browser, url, (page) =>
    page.evaluate<number>(`new Promise((resolve) => {
      new PerformanceObserver((list) => {
        for (const { startTime } of list.getEntriesByName('first-contentful-paint')) {
          resolve(startTime);
        }
      }).observe({ type: 'paint', buffered: true });
    })`),
  );
}

/**
 * Reads all rows of a list by scrolling to its end, and scrolls through them again.
 *
 * @returns milliseconds between the frames of the second time
 * @throws Error when the list does not end with this number of rows
 */
export function scrollFrames(browser: Browser, url: string, rows: number): Promise<number[]> {
  return inFreshContext(browser, url, async (page) => {
    await page.locator('.long').waitFor();
    // the list says how many rows it has as soon as it has read the last one
    await page.evaluate(`{
      const look = () => {
        const list = document.querySelector('.long');
        if (list.querySelector('table').getAttribute('aria-rowcount') === '-1') {
          list.scrollTop = list.scrollHeight;
          requestAnimationFrame(look);
        }
      };
      look();
    }`);
    // the head is a row as well
    await page.locator(`.long table[aria-rowcount="${rows + 1}"]`).waitFor({ timeout: READ_MILLISECONDS });
    return page.evaluate<number[]>(`new Promise((resolve) => {
      const list = document.querySelector('.long');
      const gaps = [];
      let before;
      const step = (now) => {
        if (before !== undefined) {
          gaps.push(now - before);
        }
        before = now;
        if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) {
          resolve(gaps);
        } else {
          list.scrollTop += ${STEP_PIXELS};
          requestAnimationFrame(step);
        }
      };
      list.scrollTop = 0;
      // the jump to the start is no part of it
      requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(step)));
    })`);
  });
}

async function inFreshContext<T>(browser: Browser, url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await work(page);
  } finally {
    await context.close();
  }
}
