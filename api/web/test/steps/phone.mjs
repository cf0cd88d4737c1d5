// The officer on his phone.
import assert from 'node:assert/strict'

export default async function phone(p) {
  const { page } = p
  await p.become('officer', '#lang=en')
  await p.rows().first().click()
  await page.locator('.sheet section').first().waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await page.locator('.sheet section').first().waitFor()
  await p.rows().first().waitFor({ state: 'attached' })
  await p.drawn()
  for (const language of ['English', '中文']) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 390, `nothing is wider than the phone: ${wide}`)
    await p.accessible('phone')
    await p.shot('phone-' + (language === 'English' ? 'en' : 'zh'))
    await p.shot('phone-whole-' + (language === 'English' ? 'en' : 'zh'), true)
    if (language === 'English') await page.getByRole('button', { name: '中文' }).click()
  }
  await page.getByRole('button', { name: '关闭' }).click()
  await page.locator('.sheet').waitFor({ state: 'detached' })
  await p.drawn()
  await p.shot('phone-list')
  await page.setViewportSize({ width: 1440, height: 900 })
}
