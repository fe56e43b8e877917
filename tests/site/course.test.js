// The course as it is published: done by keyboard alone, kept, carried elsewhere, measured.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { expectAccessible, site, visit } from './visitor.js';

const PROGRESS = 'murmuration.progress';

/** Walks with Tab to a control with this text, as a person without a mouse does. */
async function tabTo(page, words) {
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    if (at.startsWith(words)) return;
  }
  assert.fail(`no way by keyboard to: ${words}`);
}

async function press(page, words) {
  await tabTo(page, words);
  await page.keyboard.press('Enter');
}

/** Predicts where a prediction is asked for, has the solution typed, and waits until the step is done. */
async function solve(page) {
  const choice = page.locator('.prediction.open .choice input').first();
  if (await choice.count()) {
    await choice.focus();
    await page.keyboard.press('Space');
  }
  await press(page, '풀이');
  await press(page, '대신 입력하기');
  await page.locator('.step.current.done').waitFor();
}

test('a chapter is done in Korean by keyboard alone', async () => {
  const { page, context, complaints } = await visit({ locale: 'ko-KR' });
  await page.goto(site.address);
  await press(page, '과정');
  await press(page, '시작하기');
  await page.locator('.steps').waitFor();
  await page.selectOption('#speed', 'constant 20000');
  const lessons = 5;
  for (let lesson = 1; lesson <= lessons; lesson += 1) {
    const steps = await page.locator('.step').count();
    for (let step = 1; step <= steps; step += 1) {
      await solve(page);
      if (step < steps) {
        await page.locator('.next:not(:disabled)').waitFor();
        await press(page, '다음 단계');
        await page.locator('.step.current:not(.done)').waitFor();
      }
    }
    await press(page, '다음: ');
    await page.locator('.step.current:not(.done)').waitFor();
  }
  await press(page, '목차');
  assert.equal(await page.locator('.chapter').first().locator('.mark.done').count(), lessons);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('progress is exported, wiped and imported', async () => {
  const { page, context } = await visit();
  await page.goto(`${site.address}#lesson=producing/first-record`);
  await page.locator('.typed-block .run').first().click();
  await page.locator('.step.current.done').waitFor();
  await page.locator('.course-bar button').first().click();
  const coming = page.waitForEvent('download');
  await page.locator('.transfer a').click();
  const file = await (await coming).path();
  const exported = await readFile(file, 'utf8');
  assert.equal(exported, await page.evaluate((name) => localStorage.getItem(name), PROGRESS));
  await page.locator('.transfer button').click();
  await page.locator('.transfer .harsh').click();
  await page.getByText('0 of ').waitFor();
  await page.locator('.transfer input').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('no') });
  await page.getByText('Nothing was changed').waitFor();
  await page.locator('.transfer input').setInputFiles(file);
  await page.getByText('1 of ').waitFor();
  await context.close();
});

test('the measuring lesson measures, and the same seed measures the same', async () => {
  const { page, context, complaints } = await visit();
  await page.goto(`${site.address}#lesson=measuring/ten-thousand`);
  const measure = async () => {
    await page.locator('.measurements .bars li').nth(2).waitFor({ timeout: 120_000 });
    return page.locator('.measurements table').innerText();
  };
  await page.selectOption('#speed', 'constant 20000');
  await page.locator('.step').last().locator('button').click();
  await page.locator('.step').last().getByText('Start at this step').click();
  await page.locator('.step.current .show-solution').click();
  await page.locator('.solution .primary').click();
  const first = await measure();
  await page.reload();
  await page.selectOption('#speed', 'constant 20000');
  await page.locator('.step').last().locator('button').click();
  await page.locator('.step').last().getByText('Start at this step').click();
  await page.locator('.step.current .show-solution').click();
  await page.locator('.solution .primary').click();
  assert.equal(await measure(), first);
  assert.deepEqual(complaints, []);
  await context.close();
});

for (const [locale, colorScheme, width] of [['ko-KR', 'light', 1440], ['en-US', 'dark', 390]]) {
  test(`axe finds nothing in a lesson (${locale}, ${colorScheme}, ${width} px)`, async () => {
    const options = { locale, colorScheme, viewport: { width, height: 900 } };
    const { page, context, complaints } = await visit(options);
    for (const lesson of ['producing/without-keys', 'groups/rebalancing', 'measuring/ten-thousand']) {
      await page.goto(`${site.address}#lesson=${lesson}`);
      await page.locator('.steps').waitFor();
      await expectAccessible(page, lesson);
    }
    await page.locator('.course-bar button').first().click();
    await expectAccessible(page, 'the contents');
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
