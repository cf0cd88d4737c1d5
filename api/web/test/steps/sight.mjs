// The officer looks: at a day's imagery, at two days beside each other, around a plot, at who the grower is, and at the paper to sign.
import assert from 'node:assert/strict'

/** answered waits for a picture of a day while something is done that asks for it. */
async function answered(page, day, layer, act) {
  const came = page.waitForResponse((r) => r.url().includes(`/${day}/${layer}/`))
  await act()
  const r = await came
  assert.equal(r.status(), 200, r.url())
  assert.equal(r.headers()['content-type'], 'image/png')
}

export async function slide(p) {
  const { page } = p
  await page.setViewportSize({ width: 1000, height: 620 }) // drawn by software, the map takes its time
  await p.become('officer', '#lang=en')
  await p.rows().first().waitFor()
  const { days } = await p.ask(`/v1/imagery?county=${p.state().get('county')}`)
  const clear = Math.max(...days.map((d) => d.clear))
  const best = days.findLastIndex((d) => d.clear === clear)
  await page.locator('#layer option[value=ndvi]').waitFor({ state: 'attached' })
  await answered(page, days[best].date, 'ndvi', () => page.selectOption('#layer', 'ndvi'))
  assert.equal(p.state().get('date'), days[best].date, 'the clearest day comes first')
  await page.locator('#day').focus()
  await answered(page, days[best - 1].date, 'ndvi', () => page.keyboard.press('ArrowLeft'))
  assert.equal(p.state().get('date'), days[best - 1].date)
  const said = `${days[best - 1].date} · ${Math.round(days[best - 1].clear * 100)} % of the land seen clear`
  assert.equal(await page.locator('output[for=day]').innerText(), said)
  assert.equal(await page.locator('#day').getAttribute('aria-valuetext'), said)
  assert.match(await page.locator('.ramp .marks').innerText(), /≤ −0.1\s+0.4\s+≥ 0.9/)
  await page.locator('#fill').fill('60')
  assert.equal(p.state().get('fill'), '60')
  await p.drawn()
  await p.shot('imagery')
  await page.reload()
  await p.until('the address alone shows the same day', async () => (await page.locator('output[for=day]').count()) === 1 && (await page.locator('output[for=day]').innerText()) === said)
  assert.equal(await page.locator('#fill').inputValue(), '60')
  // A picture that the service cannot give is told, and no more once one comes.
  await page.route(`**/${days[best - 2].date}/ndvi/**`, (r) => r.fulfill({ status: 418, contentType: 'application/problem+json', body: '{}' }))
  await page.locator('#day').focus()
  await page.keyboard.press('ArrowLeft')
  await page.getByText('The scenes of that day cannot be read by the service.').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText('The scenes of that day cannot be read by the service.').waitFor({ state: 'hidden' })
  return days
}

export async function swipe(p, days) {
  const { page } = p
  await page.locator('#compare').check()
  const last = days.at(-1).date
  assert.equal(p.state().get('swipe'), last)
  await page.locator(`.second[data-drawn="${last}"]`).waitFor()
  const divider = page.locator('.divider')
  await divider.focus()
  await page.keyboard.press('ArrowRight')
  assert.equal(await divider.getAttribute('aria-valuenow'), '52')
  const ground = await page.locator('.ground').boundingBox()
  await page.mouse.move(ground.x + ground.width * 0.52, ground.y + ground.height / 4)
  await page.mouse.down()
  await page.mouse.move(ground.x + ground.width * 0.75, ground.y + ground.height / 4)
  await page.mouse.up()
  assert.equal(await divider.getAttribute('aria-valuenow'), '75')
  await page.locator('#after').focus()
  await page.keyboard.press('ArrowLeft')
  await page.locator(`.second[data-drawn="${days.at(-2).date}"]`).waitFor()
  await p.accessible('two days')
  await p.shot('swipe')
  await page.locator('#compare').uncheck()
  assert.equal(p.state().get('swipe'), null)
}

export async function around(p) {
  const { page } = p
  await page.setViewportSize({ width: 1440, height: 900 })
  const county = p.state().get('county')
  const run = (await p.ask(`/v1/runs?county=${county}`)).find((r) => r.as_of === '2024-07-15').id // in mid-season there are limits
  const decisions = (await p.ask(`/v1/decisions?county=${county}&run=${run}`)).items
  const d = decisions.find((x) => x.limit_fen > 0)
  await page.evaluate(([run, plot]) => { location.hash = location.hash.replace(/&run=\d+/, `&run=${run}`) + '&plot=' + plot }, [run, d.plots[0]])
  await page.locator('.sheet h2', { hasText: d.plots[0] }).waitFor()
  await p.until('no day after the as-of day is shown', async () => (await page.locator('output[for=day]').innerText()) <= '2024-07-16')
  const [near, past, said] = await Promise.all(['neighbours', 'past', 'witnesses'].map((part) => p.ask(`/v1/plots/${d.plots[0]}/${part}?run=${run}`)))
  for (const n of near.items.slice(0, 12)) await page.locator('.neighbours th', { hasText: n.plot_id }).waitFor()
  assert.equal(await page.locator('.past tbody tr').count(), past.length)
  const own = said.areas.find((a) => a.plot_id)
  const cells = await page.locator('.areas tbody tr').first().locator('td').allInnerTexts()
  const outline = (await p.ask(`/v1/plots/${d.plots[0]}?run=${run}`)).area_mu
  assert.ok(Math.abs(Number(cells[4]) - outline) < 0.02, `outlines of ${cells[4]} mu, the plot has ${outline}`)
  assert.equal(cells[0], own.contract_mu === undefined ? '–' : own.contract_mu.toFixed(2))
  assert.ok(cells.at(-1).startsWith(own.counts_mu.toFixed(2)), cells.at(-1))
  const differ = said.agreements.reduce((sum, a) => sum + a.differ.length, 0)
  assert.equal(await page.locator('.matrix td.differ').count(), 2 * differ, 'each pair stands twice in its matrix')
  // Every number leads to its source: the table's, and a curve's point to the imagery of its day.
  await page.locator('.witnesses .ask').first().click()
  await page.locator('.witnesses .source', { hasText: 'areas.parquet' }).waitFor()
  const dot = page.locator('.dot-ndvi.leads').first()
  const from = await dot.getAttribute('data-date')
  await dot.click()
  const day = p.state().get('date')
  assert.ok(day >= from && Date.parse(day) - Date.parse(from) < 11 * 86_400_000, `${day} is one of the ten days from ${from}`)
  await page.locator('output[for=day]', { hasText: day }).waitFor()
  // A date of the cycle leads to the imagery next to it, the count of clear dates to each of them.
  const dates = page.locator('.cycle-card').first().locator('div', { has: page.locator('dt', { hasText: 'Clear dates' }) })
  await dates.locator('.ask').click()
  const first = dates.locator('.source button').first()
  const clear = await first.innerText()
  await first.click()
  assert.equal(p.state().get('date'), clear)
  await p.accessible('around a plot')
  // The name of a model leads to its card.
  const crop = page.locator('.cycle-card').first().locator('div', { has: page.locator('dt', { hasText: 'Crop seen' }) })
  await crop.locator('.ask').click()
  const model = await crop.locator('.source button').innerText()
  await crop.locator('.source button').click()
  const card = page.locator('.model-card').first()
  await card.locator('h2', { hasText: model.split(/[@ ]/)[0] }).waitFor()
  assert.equal(await card.locator('details').getAttribute('open'), '')
  await page.goBack()
  await page.locator('.sheet h2', { hasText: d.plots[0] }).waitFor()
  return d
}

export async function unmask(p, d) {
  const { page } = p
  const body = () => page.locator('body').innerText()
  const shown = async () => { const text = await body(); return p.names.find((n) => text.includes(n)) }
  await page.locator('.sheet .unmask input').waitFor()
  assert.equal(await shown(), undefined, 'names are masked')
  await page.locator('.sheet .unmask input').fill('survey call')
  await page.getByRole('button', { name: 'Show whole' }).click()
  await page.locator('.whole').waitFor()
  const name = await shown()
  assert.ok(name, 'the person is shown')
  assert.ok(!decodeURIComponent(page.url()).includes(name), 'no name stands in the address')
  await p.shot('unmasked')
  await page.getByRole('button', { name: 'Hide', exact: true }).click()
  await page.locator('.sheet .unmask input').waitFor()
  assert.equal(await shown(), undefined, 'masked again')
  return { ...d, name }
}

export async function paper(p, d) {
  const { page } = p
  await page.getByRole('button', { name: 'Print the decision' }).click()
  await page.locator('.a4').waitFor()
  assert.ok(!(await page.locator('.a4').innerText()).includes(d.name), 'without a purpose no name is on the paper')
  await page.locator('.printing summary').first().click()
  await page.locator('.printing .unmask input').fill('contract to be signed')
  await page.locator('.printing').getByRole('button', { name: 'Show whole' }).click()
  await page.locator('.a4 .named', { hasText: d.name }).waitFor()
  const full = await p.ask(`/v1/decisions/${d.decision_id}?run=${d.run}`)
  await page.emulateMedia({ media: 'print' })
  for (const language of ['en', 'zh']) {
    const text = (await page.locator('.a4').innerText()).replace(/\u00a0/g, ' ')
    assert.ok(!(await page.locator('.bar, .tools').evaluateAll((all) => all.some((e) => e.checkVisibility()))), 'only the paper is printed')
    const yuan = '¥' + Math.floor(d.limit_fen / 100).toLocaleString('en-US')
    for (const want of [yuan, d.decision_id, d.credit_policy, d.as_of, d.grower_id, d.name, d.area_mu.toFixed(2), (d.rate_bp / 100).toFixed(2) + ' %', full.evidence_sha256, 'Li Min', ...d.plots.slice(0, 12), ...full.trace.reasons.map((r) => r[language]), ...full.models]) {
      assert.ok(text.includes(want), `the paper says ${want}`)
    }
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0
    assert.ok(pages === 1 || pages === 2, `${pages} pages`)
    await p.accessible('paper')
    await p.shot('paper-' + language, true)
    if (language === 'zh') break
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('button', { name: '中文' }).click()
    await page.locator('.a4[lang=zh-CN]').waitFor()
    await page.emulateMedia({ media: 'print' })
  }
  await page.emulateMedia({ media: 'screen' })
  await page.setViewportSize({ width: 390, height: 844 })
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'on a phone the paper is no wider than the screen')
  await p.shot('paper-phone')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('button', { name: 'English' }).click()
}

/** denied roles see no button: an auditor reads decisions, and meets nobody. */
export async function denied(p, d) {
  const { page } = p
  await p.become('auditor', `#lang=en&run=${d.run}&plot=${d.plots[0]}`)
  await page.getByText('Your role does not meet growers.').waitFor()
  assert.equal(await page.locator('.unmask input').count(), 0)
}

export default async function sight(p) {
  const days = await slide(p)
  await swipe(p, days)
  const d = await unmask(p, await around(p))
  await paper(p, d)
  await denied(p, d)
}
