// The officer reads sheets: what they say against what the service says, in both languages.
import assert from 'node:assert/strict'

async function sheetOf(p, decision) {
  const { page } = p
  await page.evaluate((hash) => { location.hash = hash }, new URL(page.url()).hash.replace(/&plot=[^&]*/, '') + '&plot=' + decision.plots[0])
  await page.locator('.sheet h2', { hasText: decision.plots[0] }).waitFor()
  await page.locator('.sheet .verdict').waitFor()
  const said = (await page.locator('.sheet').innerText()).replace(/\u00a0/g, ' ')
  const yuan = '¥' + Math.floor(decision.limit_fen / 100).toLocaleString('en-US')
  assert.ok(said.includes(yuan), `the limit ${yuan}`)
  const plot = await p.ask('/v1/plots/' + decision.plots[0])
  assert.ok(said.includes('鹭溪镇山雀村'), 'the village of code 341599101201 by its name in issuers.csv, with its town')
  assert.ok(said.includes(plot.area_mu.toFixed(2) + ' mu'), 'the area')
  const full = await p.ask('/v1/decisions/' + decision.decision_id)
  for (const r of full.trace.reasons) assert.ok(said.includes(r.en), r.en)
  for (const r of full.trace.raises ?? []) assert.ok(said.includes(r.en), r.en)
  const findings = (await p.ask(`/v1/findings?county=${decision.county}&grower_id=${decision.grower_id}`)).items
  assert.equal(await page.locator('.finding').count(), findings.length)
  return { plot, full }
}

export default async function sheets(p) {
  const { page } = p
  await p.become('officer', '#lang=en')
  await p.rows().first().waitFor()
  const decisions = (await p.ask(`/v1/decisions?county=${p.state().get('county')}`)).items
  for (const outcome of ['admit', 'refer', 'decline', 'not_assessable']) {
    const d = decisions.find((x) => x.outcome === outcome)
    if (d) await sheetOf(p, d)
    if (d) await p.shot('sheet-' + outcome)
  }
  // The number leads to its rule: the binding constraint's source opens the trace at its line.
  const d = decisions.find((x) => x.outcome === 'refer')
  const { full, plot } = await sheetOf(p, d)
  const binding = page.locator('tr.binding')
  await binding.locator('.ask').click()
  await binding.getByRole('button', { name: /Rule line/ }).click()
  const line = await page.evaluate(() => document.activeElement.textContent)
  assert.ok(line.startsWith(`constraint ${d.binding}:`), line)
  assert.ok(full.trace.rules.includes(line))
  // Dots stand where the series was observed, and only there.
  const series = await p.ask(`/v1/plots/${plot.plot_id}/series`)
  const seen = series.values.weight.filter((w, i) => w > 0 && series.values.ndvi[i] !== null).length
  assert.equal(await page.locator('.dot-ndvi').count(), seen)
  // A finding leads to the records it rests on: a lease, as its row of transfers.csv says it.
  const found = (await p.ask(`/v1/findings?county=${d.county}&code=LEASE_OVERLAP`)).items
  const his = decisions.find((x) => x.plots.length > 0 && found.some((f) => f.grower_id === x.grower_id))
  const lease = found.find((f) => f.grower_id === his.grower_id)
  await sheetOf(p, his)
  const finding = page.locator('.finding', { hasText: 'LEASE_OVERLAP' }).first()
  await finding.evaluate((e) => e.closest('details')?.setAttribute('open', ''))
  await finding.locator('.ask').click()
  const witness = lease.witnesses.split('; ')[0]
  await finding.getByRole('button', { name: witness }).click()
  const record = await p.ask(`/v1/records?county=${d.county}&source=${witness}`)
  assert.equal(record.feed, 'transfers')
  const recorded = await finding.locator('.record').innerText()
  for (const f of record.says) assert.ok(recorded.includes(f.value) || f.name === 'crop', `${f.name} ${f.value}`)
  assert.ok(record.says.some((f) => f.name === 'parcel_id' && f.value === lease.parcel_id), 'the record is of the finding’s parcel')
  await finding.locator('.record').scrollIntoViewIfNeeded()
  await p.shot('record')
  await p.accessible('sheet, English')
  await sheetOf(p, d)

  await page.getByRole('button', { name: '中文' }).click()
  await page.locator('html[lang="zh-CN"]').waitFor()
  const said = await page.locator('.sheet').innerText()
  for (const r of full.trace.reasons) assert.ok(said.includes(r.zh), r.zh)
  await p.accessible('sheet, Chinese')
  await p.shot('sheet-zh')
  const before = await page.locator('.sheet').innerText()
  await page.reload()
  await page.locator('.dot-ndvi').first().waitFor()
  await p.until('the address alone shows the same', async () => (await page.locator('.sheet').innerText()) === before)
  await page.getByRole('button', { name: 'English' }).click()
}
