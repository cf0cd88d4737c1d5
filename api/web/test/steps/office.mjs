// Managers, auditors and model owners: each opens his page; a credit policy is simulated, proposed and released by a second person.
import assert from 'node:assert/strict'

const menu = (p) => p.page.locator('.menu button').allInnerTexts()

export default async function office(p) {
  await dashboard(p)
  await policy(p)
  await release(p)
  await models(p)
  await audit(p)
}

/** tall keeps a screenshot of a whole page, which scrolls within the window. */
async function tall(p, name, width = 1440) {
  if (!p.folder) return
  await p.page.setViewportSize({ width, height: 3200 })
  await p.shot(name)
  await p.page.setViewportSize({ width: 1440, height: 900 })
}

/** narrow turns to a phone and back: nothing is wider than it. */
async function narrow(p, name) {
  await p.page.setViewportSize({ width: 390, height: 844 })
  const wide = await p.page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `${name}: nothing is wider than the phone: ${wide}`)
  await tall(p, name, 390)
  await p.page.setViewportSize({ width: 1440, height: 900 })
}

/** plain takes away what only sets numbers. */
const plain = (text) => text.replace(/[\u00a0,]/g, (c) => (c === ',' ? '' : ' '))

async function dashboard(p) {
  const { page } = p
  await p.become('risk_manager', '#lang=en&page=dashboard')
  await page.getByRole('heading', { name: /^County dashboard/ }).waitFor()
  const county = p.state().get('county')
  const midseason = (await p.ask('/v1/runs?county=' + county)).find((r) => r.as_of === '2024-07-15') // when growers are admitted
  await page.selectOption('.bar select >> nth=1', String(midseason.id))
  await p.until('the other run is shown', async () => (await page.locator('.paper .lead').innerText()).includes('2024-07-15'))
  const st = await p.ask(`/v1/statistics?county=${county}&run=${p.state().get('run')}`)
  const said = plain(await page.locator('.paper').innerText())
  assert.ok(said.includes(((st.area_m2 * 3) / 2000).toFixed(2) + ' mu'), 'the area of the county')
  assert.ok(said.includes(String(st.growers_judged)), 'who was judged')
  if (st.limit_fen !== undefined) assert.ok(said.includes('¥' + Math.floor(st.limit_fen / 100)), 'the limits of those admitted')
  for (const c of st.crops) assert.ok(said.includes(((c.area_m2 * 3) / 2000).toFixed(2)), `the area of ${c.crop}`)
  assert.ok((await page.locator('.bars').count()) >= 3, 'charts')
  const tables = await page.locator('.bars').evaluateAll((all) => all.map((b) => b.closest('section').querySelector('table') !== null))
  assert.ok(tables.every(Boolean), 'each chart has its table')
  for (const d of await page.locator('.paper summary').all()) await d.click()
  await tall(p, 'dashboard')
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('heading', { name: /^县域看板/ }).waitFor()
  await p.accessible('dashboard, Chinese')
  await narrow(p, 'dashboard-phone-zh')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: /^County dashboard/ }).waitFor()
}

async function policy(p) {
  const { page } = p
  await page.getByRole('button', { name: 'Credit policy', exact: true }).click()
  const text = page.locator('#policy-text')
  await text.waitFor()
  const file = await text.inputValue()
  assert.ok(file.includes('cap_yuan = 300000'), 'the text of the credit policy in use')
  await page.getByText(/^Season loan: up to ¥300,000 at 6.5 % a year/).waitFor()
  await tall(p, 'policy')

  // A mistake is named with its line, and leads there.
  await text.fill(file.replace('cap_yuan = 300000', 'cap_yuan = -1'))
  await page.getByRole('button', { name: 'Simulate' }).click()
  const mistake = page.locator('.said button', { hasText: /line \d+/ }).first()
  await mistake.waitFor()
  await mistake.click()
  assert.match(await text.evaluate((e) => e.value.slice(e.selectionStart, e.selectionEnd)), /products.season|cap_yuan/)
  await p.shot('policy-mistake')

  // A lower cap moves decisions, as the service's own simulation says.
  await text.fill(file.replace('version = "1.0.0"', 'version = "1.1.0"').replace('cap_yuan = 300000', 'cap_yuan = 5000'))
  await page.getByRole('button', { name: 'Simulate' }).click()
  await page.locator('.simulated').waitFor()
  const said = plain(await page.locator('.simulated').innerText())
  assert.ok(said.includes('products.season.cap_yuan'), 'what differs')
  const wanted = await page.evaluate(async ([text, county, run]) => (await (await fetch('/v1/credit-policies/simulate', { method: 'POST', headers: { Authorization: 'Bearer ' + sessionStorage.getItem('parus.token'), 'Content-Type': 'application/json' }, body: JSON.stringify({ text, county, run }) })).json()),
    [await text.inputValue(), p.state().get('county'), Number(p.state().get('run'))])
  assert.ok(wanted.total.changed > 0 && wanted.total.fen_to < wanted.total.fen_from, JSON.stringify(wanted.total))
  assert.match(said, new RegExp(`would change\\s+${wanted.total.changed}\\s`))
  assert.ok(said.includes('¥' + wanted.total.fen_moved / 100), 'the money that moves')
  assert.equal(await page.locator('.simulated table', { hasText: 'Bound by' }).locator('tbody tr').count(), wanted.moves.length, 'every decision that moves')
  for (const d of await page.locator('.simulated summary').all()) await d.click()
  await p.accessible('simulation')
  await tall(p, 'policy-simulated')
  await narrow(p, 'policy-phone')

  await page.fill('#policy-why', 'smaller loans to begin with')
  await page.getByRole('button', { name: 'Propose for release' }).click()
  await page.getByText('You proposed it: a second person releases it.').waitFor()
  assert.match(p.state().get('item'), /^[0-9a-f]{64}$/)
  assert.equal(await page.getByRole('button', { name: 'Release', exact: true }).count(), 0, 'who proposes does not release')
}

async function release(p) {
  const { page } = p
  const item = p.state().get('item')
  await p.become('officer', '#lang=en&page=policy&item=' + item)
  await page.getByText('Nobody has released it: there is no file yet.').waitFor()
  assert.equal(await page.locator('#policy-text').count(), 0, 'an officer reads, and does not simulate')
  await p.become('approver', '#lang=en&page=policy&item=' + item)
  await page.fill('#judge-why', 'simulated it, and agreed with the county')
  await tall(p, 'policy-judge')
  await page.getByRole('button', { name: 'Release', exact: true }).click()
  const file = page.getByRole('button', { name: 'Download the file' })
  await file.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
  const parts = []
  for await (const part of await download.createReadStream()) parts.push(part)
  const text = Buffer.concat(parts).toString()
  assert.match(text, /\nauthor = "risk_manager"\napproved_by = "approver"\napproved_on = "\d{4}-\d\d-\d\d"\n/)
  assert.ok(text.includes('cap_yuan = 5000'))
  await tall(p, 'policy-released')
}

async function models(p) {
  const { page } = p
  await p.become('model_owner', '#lang=en')
  await page.getByRole('heading', { name: 'Model cards' }).waitFor() // what he sees first
  assert.ok(!(await menu(p)).includes('Audit'), 'a model owner has no audit page')
  const all = await p.ask(`/v1/models?county=${p.state().get('county')}&run=${p.state().get('run')}`)
  assert.equal(await page.locator('.model-card').count(), all.length)
  for (const m of all.filter((x) => x.card)) for (const f of m.card.known_failures) assert.ok((await page.locator('.model-card', { hasText: m.sha256 }).innerText()).includes(f), f)
  await page.locator('.model-card summary').first().click()
  await p.accessible('model cards')
  await tall(p, 'models')
}

async function audit(p) {
  const { page } = p
  await p.become('risk_manager', '#lang=en&page=audit')
  await page.locator('.menu').waitFor()
  assert.ok(!(await menu(p)).includes('Audit'), 'only auditors have the audit page')
  assert.equal(await page.getByRole('heading', { name: 'Audit' }).count(), 0)
  assert.equal((await p.ask('/v1/audit')).status, 403)
  await p.become('auditor', '#lang=en&page=audit')
  await page.getByRole('button', { name: 'Verify the whole log' }).click()
  await page.getByText('The log is whole').waitFor()
  assert.match(await page.locator('.paper').innerText(), /Days’ ends compared\s+[1-9]/, 'the service has closed the days before by itself')
  await page.getByText('judge credit policy').first().waitFor()
  await page.getByRole('textbox', { name: 'Act', exact: true }).fill('propose credit policy')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByText('judge credit policy').first().waitFor({ state: 'detached' })
  await page.getByText('smaller loans to begin with').waitFor()
  await p.accessible('audit')
  await tall(p, 'audit')
  await narrow(p, 'audit-phone')
  await p.signOut()
}
