// The site as text: what can be read without JavaScript, and where links lead.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectAccessible, site, visit } from './visitor.js';

for (const language of ['en', 'ko']) {
  test(`the course can be read without JavaScript (${language})`, async () => {
    const { page, context, complaints } = await visit({ javaScriptEnabled: false });
    await page.goto(`${site.address}${language}/index.html`);
    const lessons = await page.locator('.lessons a').evaluateAll((links) => links.map((link) => link.href));
    assert.ok(lessons.length >= 16, `${lessons.length} lessons`);
    for (const lesson of lessons) {
      await page.goto(lesson);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      assert.notEqual(await page.title(), '');
      assert.notEqual(await page.locator('meta[name=description]').getAttribute('content'), '');
      assert.ok((await page.locator('article section').count()) > 0, `${lesson} has no step`);
      assert.ok((await page.locator('article').innerText()).length > 500, `${lesson} has next to no text`);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a link leads to the same lesson in the other language', async () => {
  const { page, context } = await visit({ javaScriptEnabled: false });
  await page.goto(`${site.address}ko/index.html`);
  await page.locator('.lessons a').first().click();
  const korean = page.url();
  await page.locator('a[hreflang=en]').click();
  assert.equal(page.url(), korean.replace('/ko/', '/en/'));
  await context.close();
});

test('axe finds nothing on the pages that are read', async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1440, 390]) {
      const { page, context } = await visit({ colorScheme, viewport: { width, height: 900 } });
      for (const address of ['ko/index.html', 'en/glossary.html', 'en/reference.html', 'ko/settings.html']) {
        await page.goto(site.address + address);
        await expectAccessible(page, `${address}, ${colorScheme}, ${width} px`);
      }
      await context.close();
    }
  }
});
