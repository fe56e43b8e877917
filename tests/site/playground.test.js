// The playground as it is published.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectAccessible, site, visit } from './visitor.js';

test('the playground runs below a path, and asks no other host for anything', async () => {
  const { page, context, complaints } = await visit();
  await page.goto(site.address);
  await page.locator('.app').waitFor();
  await page.locator('#terminal-1 textarea').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the playground and the lessons are there without a network, once visited', async () => {
  const { page, context } = await visit();
  await page.goto(site.address);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await page.locator('#terminal-1 textarea').waitFor();
  await page.goto(`${site.address}ko/glossary.html`);
  await page.locator('article dt').first().waitFor();
  await context.close();
});

for (const locale of ['en-US', 'ko-KR']) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1440, 390]) {
      test(`axe finds nothing on the stage (${locale}, ${colorScheme}, ${width} px)`, async () => {
        const options = { locale, colorScheme, viewport: { width, height: 900 } };
        const { page, context, complaints } = await visit(options);
        await page.goto(site.address);
        await page.locator('.app').waitFor();
        await expectAccessible(page, 'the stage');
        assert.deepEqual(complaints, []);
        await context.close();
      });
    }
  }
}
