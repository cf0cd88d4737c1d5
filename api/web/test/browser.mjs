// A person at the map, in a real Chromium: node test/browser.mjs ADDRESS of `parus demo`.
// Environment: CHROMIUM, its program; NAMES, people of its roster, by comma, and PARCEL, a parcel of the run;
// SHOTS, a folder for screenshots, if wanted.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const [address] = process.argv.slice(2)
const { CHROMIUM, NAMES, PARCEL, SHOTS } = process.env
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] })
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' })).newPage()
page.setDefaultTimeout(15_000)

const wrong = []
page.on('pageerror', (e) => wrong.push(`script error: ${e.message}`))
page.on('console', (m) => { if (m.type() === 'error' && !/favicon|Failed to load resource/.test(m.text())) wrong.push(`console: ${m.text()}`) })
page.on('request', (r) => { if (!r.url().startsWith(address) && !/^(data|blob):/.test(r.url())) wrong.push(`asked elsewhere: ${r.url()}`) })
page.on('response', (r) => { if (r.status() >= 500) wrong.push(`${r.status()} ${r.url()}`) })

let shots = 0
async function shot(name, fullPage = false) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${String(++shots).padStart(2, '0')}-${name}.png`, fullPage })
}

/** accessible fails on serious violations of WCAG 2.1 A and AA. */
async function accessible(where) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
  const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`), [], `axe, ${where}`)
}

async function signIn(as) {
  await page.getByRole('button', { name: /^(Sign in|登录)$/ }).click()
  await page.locator(`a[href*="as=${as}"]`).click()
  await page.waitForSelector('.bar')
}

const state = () => new URLSearchParams(new URL(page.url()).hash.slice(1))
const ask = (path) => page.evaluate((p) => fetch(p, { headers: { Authorization: 'Bearer ' + sessionStorage.getItem('parus.token') } }).then((r) => r.json()), path)
const rows = () => page.locator('.side [data-plot]')
const settled = async () => { await page.waitForTimeout(350) } // the map redraws and tells what is in view

async function officer() {
  await page.goto(address + '#theme=risk&lang=en')
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await accessible('welcome')
  await shot('welcome')
  await signIn('officer')
  await rows().first().waitFor()
  assert.equal(state().get('theme'), 'risk', 'what was asked for before signing in is shown after it')
  assert.match(await page.locator('.me').innerText(), /Li Min credit officer/)
  assert.equal(new URL(page.url()).search, '', 'the code of the sign-in leaves the address')
  await settled()

  // The list and legend against the service: as many plots as the run has, and all its land.
  const run = Number(state().get('run'))
  const parcels = (await ask(`/v1/parcels?county=${state().get('county')}&run=${run}&limit=1000`)).items
  assert.equal(await rows().count(), new Set(parcels.map((p) => p.plot_id)).size, 'plots in view of the whole county')
  const sum = (await page.locator('.legend .n').allInnerTexts()).reduce((s, v) => s + parseFloat(v.replace(/,/g, '')), 0)
  const land = parcels.reduce((s, p) => s + p.area_mu, 0)
  assert.ok(Math.abs(sum - land) < 3, `the legend sums to ${sum} mu, the run to ${land}`)
  for (const theme of ['crop', 'grade', 'yield', 'risk', 'outcome']) {
    await page.selectOption('#theme', theme)
    assert.equal(state().get('theme'), theme)
    assert.ok((await page.locator('.legend li').count()) > 0, theme)
    await settled()
    await shot('theme-' + theme)
  }
  await page.selectOption('#theme', 'crop')
}

async function keyboard() {
  await page.evaluate(() => document.activeElement?.blur())
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  const plot = await page.evaluate(() => document.activeElement.dataset.plot)
  assert.ok(plot, 'after the search come the plots')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.sheet')
  assert.equal(state().get('plot'), plot)
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2')
  await page.keyboard.press('Escape')
  await page.waitForSelector('.sheet', { state: 'detached' })
  assert.equal(await page.evaluate(() => document.activeElement.dataset.plot), plot, 'the focus goes back to where it was')
}

async function sheetOf(decision) {
  await page.evaluate((hash) => { location.hash = hash }, new URL(page.url()).hash.replace(/&plot=[^&]*/, '') + '&plot=' + decision.plots[0])
  await page.waitForSelector('.verdict')
  const said = (await page.locator('.sheet').innerText()).replace(/\u00a0/g, ' ')
  const yuan = '¥' + Math.floor(decision.limit_fen / 100).toLocaleString('en-US')
  assert.ok(said.includes(yuan), `the limit ${yuan}`)
  const plot = await ask('/v1/plots/' + decision.plots[0])
  assert.ok(said.includes(plot.area_mu.toFixed(2) + ' mu'), 'the area')
  const full = await ask('/v1/decisions/' + decision.decision_id)
  for (const r of full.trace.reasons) assert.ok(said.includes(r.en), r.en)
  for (const r of full.trace.raises ?? []) assert.ok(said.includes(r.en), r.en)
  const findings = (await ask(`/v1/findings?county=${decision.county}&grower_id=${decision.grower_id}`)).items
  assert.equal(await page.locator('.finding').count(), findings.length)
  return { plot, full }
}

async function sheets() {
  const decisions = (await ask(`/v1/decisions?county=${state().get('county')}`)).items
  for (const outcome of ['admit', 'refer', 'decline', 'not_assessable']) {
    const d = decisions.find((x) => x.outcome === outcome)
    if (d) await sheetOf(d)
    if (d) await shot('sheet-' + outcome)
  }
  // The number leads to its rule: the binding constraint's source opens the trace at its line.
  const d = decisions.find((x) => x.outcome === 'refer')
  const { full, plot } = await sheetOf(d)
  const binding = page.locator('tr.binding')
  await binding.locator('.ask').click()
  await binding.getByRole('button', { name: /Rule line/ }).click()
  const line = await page.evaluate(() => document.activeElement.textContent)
  assert.ok(line.startsWith(`constraint ${d.binding}:`), line)
  assert.ok(full.trace.rules.includes(line))
  // Dots stand where the series was observed, and only there.
  const series = await ask(`/v1/plots/${plot.plot_id}/series`)
  const seen = series.values.weight.filter((w, i) => w > 0 && series.values.ndvi[i] !== null).length
  assert.equal(await page.locator('.dot-ndvi').count(), seen)
  await accessible('sheet, English')

  await page.getByRole('button', { name: '中文' }).click()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  const said = await page.locator('.sheet').innerText()
  for (const r of full.trace.reasons) assert.ok(said.includes(r.zh), r.zh)
  await accessible('sheet, Chinese')
  await shot('sheet-zh')
  const before = await page.locator('.sheet').innerText()
  await page.reload()
  await page.waitForSelector('.verdict')
  await page.waitForSelector('.dot-ndvi')
  assert.equal(await page.locator('.sheet').innerText(), before, 'the address alone shows the same')
  await page.getByRole('button', { name: 'English' }).click()
}

async function search() {
  await page.fill('#search', PARCEL)
  await page.keyboard.press('Enter')
  const parcel = await ask('/v1/parcels/' + PARCEL)
  await page.waitForFunction((p) => document.querySelector('.sheet h2')?.textContent.includes(p), parcel.plot_id)
  const noLand = page.getByText('He farms no land in this run.')
  for (const name of NAMES.split(',')) {
    await page.fill('#search', name)
    await page.keyboard.press('Enter')
    const person = page.locator('.results li button:not([data-plot])', { hasText: name[0] }).first()
    await person.waitFor()
    assert.ok(!(await page.locator('body').innerText()).includes(name), 'names are shown masked')
    assert.ok(!page.url().includes(encodeURIComponent(name)), 'no name stands in the address')
    await person.click()
    await rows().first().or(noLand).waitFor()
    if (!(await noLand.isVisible())) break
  }
  assert.ok((await rows().count()) > 0, 'somebody of the roster farms land')
  await shot('search')
  await page.fill('#search', 'Nobody At All')
  await page.keyboard.press('Enter')
  await page.getByText('Nobody is called exactly that.').waitFor()
  await page.getByRole('button', { name: /Back to the plots/ }).click()
}

async function pointer() {
  await rows().first().waitFor()
  await rows().nth(2).click()
  await page.waitForSelector('.verdict, .sheet section')
  const chosen = state().get('plot')
  await page.getByRole('button', { name: 'Close' }).click()
  assert.equal(state().get('plot'), null)
  await page.goBack()
  await page.waitForSelector('.sheet h2')
  assert.equal(state().get('plot'), chosen, 'back goes back')
  await page.getByRole('button', { name: 'Close' }).click()
  await settled()
  const map = await page.locator('.ground').boundingBox()
  for (let i = 1; i < 30 && !state().get('plot'); i++) {
    await page.mouse.click(map.x + (map.width * (i % 6 + 0.5)) / 6, map.y + (map.height * (Math.floor(i / 6) + 0.5)) / 6)
  }
  await page.waitForSelector('.sheet h2')
  assert.ok((await page.locator('.sheet h2').innerText()).includes(state().get('plot')), 'a click on land opens its sheet')
}

async function phone() {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await page.waitForSelector('.verdict, .sheet section')
  await rows().first().waitFor({ state: 'attached' })
  await settled()
  for (const language of ['English', '中文']) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 390, `nothing is wider than the phone: ${wide}`)
    await accessible('phone')
    await shot('phone-' + (language === 'English' ? 'en' : 'zh'))
    await shot('phone-whole-' + (language === 'English' ? 'en' : 'zh'), true)
    if (language === 'English') await page.getByRole('button', { name: '中文' }).click()
  }
  await page.getByRole('button', { name: '关闭' }).click()
  await settled()
  await shot('phone-list')
  await page.getByRole('button', { name: 'English' }).click()
  await page.setViewportSize({ width: 1440, height: 900 })
}

async function roles() {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: /^(Sign in|登录)$/ }).waitFor()
  assert.equal(await page.evaluate(() => sessionStorage.getItem('parus.token')), null)
  await page.goto(address + '?code=stolen&state=other')
  await page.getByText(/this sign-in was not begun here/).waitFor()
  await page.goto(address + '#lang=en')
  await signIn('clerk')
  await rows().first().waitFor()
  assert.deepEqual(await page.locator('#theme option').evaluateAll((o) => o.map((x) => x.value)), ['crop', 'grade', 'yield', 'risk'], 'clerks see no decisions')
  await rows().first().click()
  await page.getByText('Your role does not see decisions.').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: /^(Sign in|登录)$/ }).waitFor() // signed out for good before another page is asked for
  await page.goto(address + '#lang=en')
  await signIn('partner')
  await page.getByText('Your role sees statistics, not land.').waitFor()
  await page.evaluate(() => sessionStorage.setItem('parus.token', 'forged.token.x'))
  await page.reload()
  await page.getByText(/Your sign-in has ended/).waitFor()
}

try {
  for (const step of [officer, keyboard, sheets, search, pointer, phone, roles]) {
    const began = Date.now()
    await step().catch(async (e) => {
      await shot('failed')
      throw new Error(`${step.name}: ${e.message}`, { cause: e })
    })
    console.log(`${step.name}: ${((Date.now() - began) / 1000).toFixed(1)} s`)
  }
  assert.deepEqual(wrong, [])
} finally {
  await browser.close()
}
