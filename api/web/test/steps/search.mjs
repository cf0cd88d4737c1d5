// The officer searches for a parcel and for people, who come back masked.
import assert from 'node:assert/strict'

export default async function search(p) {
  const { page } = p
  await p.become('officer', '#lang=en')
  await p.rows().first().waitFor()
  await page.fill('#search', p.parcel)
  await page.keyboard.press('Enter')
  const parcel = await p.ask('/v1/parcels/' + p.parcel)
  await page.locator('.sheet h2', { hasText: parcel.plot_id }).waitFor()
  const noLand = page.getByText('He farms no land in this run.')
  for (const name of p.names) {
    await page.fill('#search', name)
    await page.keyboard.press('Enter')
    const person = page.locator('.results li button:not([data-plot])', { hasText: name[0] }).first()
    await person.waitFor()
    assert.ok(!(await page.locator('body').innerText()).includes(name), 'names are shown masked')
    assert.ok(!page.url().includes(encodeURIComponent(name)), 'no name stands in the address')
    await person.click()
    await p.rows().first().or(noLand).waitFor()
    if (!(await noLand.isVisible())) break
  }
  assert.ok((await p.rows().count()) > 0, 'somebody of the roster farms land')
  await p.shot('search')
  await page.fill('#search', 'Nobody At All')
  await page.keyboard.press('Enter')
  await page.getByText('Nobody is called exactly that.').waitFor()
  await page.getByRole('button', { name: /Back to the plots/ }).click()
  await p.rows().first().waitFor()
}
