// A visitor with a browser of their own: nothing kept from before, everything noted that goes wrong.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { serve } from './host.js';

const steering = JSON.parse(await readFile(new URL('../../webdriver.json', import.meta.url), 'utf8'));

let browser;

/** The site, served while the tests of a file run. */
export const site = {};

before(async () => {
  Object.assign(site, await serve());
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: steering['goog:chromeOptions'].args.filter((argument) => argument !== '--headless'),
  });
});

after(async () => {
  await browser?.close();
  site.close?.();
});

/** A page at the site, and what it asked for and complained of. */
export async function visit(options = {}) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  const own = new URL(site.address).origin;
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== own) {
      complaints.push(`asked another host: ${url}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return { page, context, complaints };
}

/** Fails with what axe finds. */
export async function expectAccessible(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`);
  assert.deepEqual(findings, [], where);
}
