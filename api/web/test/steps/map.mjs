// An officer signs in and finds his way about the map: list, legend, themes, keyboard, pointer.
import assert from 'node:assert/strict'

export default async function map(p) {
  await officer(p)
  await keyboard(p)
  await pointer(p)
}

async function officer(p) {
  const { page } = p
  await p.goTo('#theme=risk&lang=en')
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await p.accessible('welcome')
  await p.shot('welcome')
  await p.signIn('officer')
  await p.rows().first().waitFor()
  assert.equal(p.state().get('theme'), 'risk', 'what was asked for before signing in is shown after it')
  assert.match(await page.locator('.me').innerText(), /Li Min credit officer/)
  assert.equal(new URL(page.url()).search, '', 'the code of the sign-in leaves the address')

  // The list and legend against the service: as many plots as the run has, and all its land.
  const run = Number(p.state().get('run'))
  const parcels = (await p.ask(`/v1/parcels?county=${p.state().get('county')}&run=${run}&limit=1000`)).items
  const plots = new Set(parcels.map((x) => x.plot_id)).size
  await p.until(`the list holds the ${plots} plots of the whole county`, async () => (await p.rows().count()) === plots)
  const land = parcels.reduce((s, x) => s + x.area_mu, 0)
  await p.until(`the legend sums to the run's ${land} mu`, async () => Math.abs((await page.locator('.legend .n').allInnerTexts()).reduce((s, v) => s + parseFloat(v.replace(/,/g, '')), 0) - land) < 3)
  for (const theme of ['crop', 'grade', 'yield', 'risk', 'outcome']) {
    await page.selectOption('#theme', theme)
    assert.equal(p.state().get('theme'), theme)
    assert.ok((await page.locator('.legend li').count()) > 0, theme)
    await p.drawn()
    await p.shot('theme-' + theme)
  }
  await page.selectOption('#theme', 'crop')
  await p.drawn()
}

async function keyboard(p) {
  const { page } = p
  await page.evaluate(() => document.activeElement?.blur())
  await page.keyboard.press('Tab')
  await p.focused((e) => e.className === 'skip')
  await page.keyboard.press('Enter')
  await p.focused((e) => e.id === 'search')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await p.focused((e) => e.dataset.plot) // after the search come the plots
  const plot = await page.evaluate(() => document.activeElement.dataset.plot)
  await page.keyboard.press('Enter')
  await page.locator('.sheet h2').waitFor()
  await p.focused((e) => e.tagName === 'H2' && e.closest('.sheet'))
  assert.equal(p.state().get('plot'), plot)
  await page.keyboard.press('Escape')
  await page.locator('.sheet').waitFor({ state: 'detached' })
  await page.waitForFunction((at) => document.activeElement.dataset.plot === at, plot) // the focus goes back to where it was
}

async function pointer(p) {
  const { page } = p
  await p.rows().nth(2).click()
  await page.locator('.sheet section').first().waitFor()
  const chosen = p.state().get('plot')
  await page.getByRole('button', { name: 'Close' }).click()
  assert.equal(p.state().get('plot'), null)
  await page.goBack()
  await page.locator('.sheet h2').waitFor()
  assert.equal(p.state().get('plot'), chosen, 'back goes back')
  await page.getByRole('button', { name: 'Close' }).click()
  await p.drawn()
  const map = await page.locator('.ground').boundingBox()
  for (let i = 1; i < 30 && !p.state().get('plot'); i++) {
    await page.mouse.click(map.x + (map.width * (i % 6 + 0.5)) / 6, map.y + (map.height * (Math.floor(i / 6) + 0.5)) / 6)
  }
  await page.locator('.sheet h2').waitFor()
  assert.ok((await page.locator('.sheet h2').innerText()).includes(p.state().get('plot')), 'a click on land opens its sheet')
  await page.getByRole('button', { name: 'Close' }).click()
}
