// The credit factory: officers bring and survey, others review and approve; above
// the threshold two; what one may not do is denied.
import assert from 'node:assert/strict'

const yuan = (fen) => '¥' + (fen / 100).toLocaleString('en-US')

export default async function factory(p) {
  const { page } = p
  const threshold = 500_000 // fen, of the demonstration
  await p.become('officer', '#lang=en')
  await p.rows().first().waitFor()
  const county = p.state().get('county')
  const run = (await p.ask(`/v1/runs?county=${county}`)).find((r) => r.as_of === '2024-07-15').id
  const admitted = (await p.ask(`/v1/decisions?county=${county}&run=${run}&outcome=admit`)).items.sort((a, b) => a.limit_fen - b.limit_fen)
  const within = admitted.filter((d) => d.limit_fen <= threshold).at(-1)
  const above = admitted.find((d) => d.limit_fen > threshold)

  // Within the threshold: apply from the sheet, survey with photo and place, review, approve.
  const first = await apply(p, county, run, within)
  await survey(p, first)
  await page.locator('.state', { hasText: 'in review' }).waitFor()
  await page.getByText(/Send to approval: You took part/).waitFor() // who surveyed does not review
  assert.equal(await page.locator('.acts [data-act=review]').count(), 0)
  await p.accessible('application')
  await p.shot('application-barred')
  await p.become('officer2', `#lang=en&county=${county}&page=work`)
  await page.getByRole('row', { name: new RegExp(`Review.*Application ${first}`) }).getByRole('button', { name: 'Take' }).click()
  await page.getByRole('row', { name: new RegExp(`Review.*Application ${first}.*何静`) }).getByRole('button', { name: 'Open' }).click()
  await page.getByRole('button', { name: 'Show photo 1' }).click()
  await page.locator('.thumbs img').waitFor()
  await act(p, 'review', 'Send to approval')
  await page.locator('.state', { hasText: 'to approve' }).waitFor()
  await p.become('approver', `#lang=en&county=${county}&page=work`)
  await p.accessible('queues')
  await p.shot('queues')
  await page.getByRole('row', { name: new RegExp(`Approval.*Application ${first}`) }).getByRole('button', { name: 'Open' }).click()
  await act(p, 'approve', 'Approve')
  await page.locator('h1 .state', { hasText: 'active' }).waitFor()
  await page.locator('#limit h3').first().getByText(yuan(within.limit_fen)).waitFor()

  // The officer books a drawing, and cannot book more than the limit leaves.
  await p.become('officer', `#lang=en&county=${county}&page=work&item=application-${first}`)
  const drawing = page.locator('#limit form', { hasText: 'Book a drawing' })
  await drawing.getByLabel('Amount').fill(String(within.limit_fen / 100 + 1))
  await drawing.getByRole('button').click()
  await page.getByText('That is more than the limit leaves.').waitFor()
  await drawing.getByLabel('Amount').fill(String(within.limit_fen / 200))
  await drawing.getByRole('button').click()
  await page.getByText('Drawn and repaid').waitFor()
  await page.getByRole('img', { name: 'Water level 50 %' }).waitFor()
  await p.accessible('limit')
  await p.shot('limit', true)

  // Above the threshold.
  const second = await apply(p, county, run, above)
  await survey(p, second)
  await p.become('officer2', `#lang=en&county=${county}&page=work&item=application-${second}`)
  await act(p, 'review', 'Send to approval')
  await page.locator('h1 .state', { hasText: 'to approve' }).waitFor()
  await p.become('approver', `#lang=en&county=${county}&page=work&item=application-${second}`)
  await act(p, 'approve', 'Approve')
  await page.locator('h1 .state', { hasText: 'second approval' }).waitFor() // one approver is not enough
  await page.getByText(/Approve: You took part/).waitFor()
  assert.equal(await page.locator('.acts [data-act=approve]').count(), 0)
  const denied = await page.evaluate((id) => fetch(`/v1/applications/${id}/acts`, { method: 'POST', headers: { Authorization: 'Bearer ' + sessionStorage.getItem('parus.token'), 'Content-Type': 'application/json' }, body: '{"act":"approve"}' }).then(async (r) => [r.status, (await r.json()).type]), second)
  assert.deepEqual(denied, [403, 'urn:parus:problem:own-work'], 'the service denies what the page does not offer')
  await p.shot('second-approval')
  await p.become('approver2', `#lang=zh&county=${county}&page=work&item=application-${second}`)
  await act(p, 'approve', '同意')
  await page.locator('h1 .state', { hasText: '生效' }).waitFor()
  await p.accessible('application, Chinese')
  await p.shot('application-zh', true)

  // The risk manager sees his lists; on a phone nothing is wider than it.
  await p.become('risk_manager', `#lang=en&county=${county}&page=work&item=threshold`)
  await page.getByText('holds', { exact: true }).waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  for (const part of ['Tasks', 'Applications', 'Collection', 'Overrides', 'Relief', 'Human review', 'Threshold']) {
    await page.locator('.work > .menu').getByRole('button', { name: part, exact: true }).click()
    await page.locator('.work h1', { hasText: part }).waitFor()
    if (part === 'Tasks' || part === 'Threshold') await p.accessible(part)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 390, `${part} is wider than the phone: ${wide}`)
    await p.shot('phone-' + part.toLowerCase().replaceAll(' ', '-'))
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await p.signOut()
}

/** apply applies for the limit of a decision from its plot's sheet, and returns the application's number. */
export async function apply(p, county, run, decision) {
  const { page } = p
  await page.goto(`${p.address}#lang=en&county=${county}&run=${run}&plot=${decision.plots[0]}`)
  await page.locator('.apply').getByText('Apply for this grower').first().click()
  await p.shot('apply')
  await page.locator('.apply').getByRole('button', { name: 'Apply for this grower' }).click()
  await page.locator('h1', { hasText: 'Application' }).waitFor()
  return Number(p.state().get('item').split('-')[1])
}

/** survey fills the form in with a photo and a place, and sends it. */
async function survey(p, application) {
  const { page } = p
  await page.getByRole('button', { name: 'Survey', exact: true }).click()
  await fill(p, 'in full leaf')
  await p.accessible('survey')
  await p.shot('survey', true)
  await page.getByRole('button', { name: 'Finish the survey' }).click()
  await page.getByText('The survey is sent.').waitFor()
  assert.equal(await page.locator('#outbox section').count(), 0, 'nothing waits on the device')
  await page.getByRole('button', { name: `Application ${application}` }).click()
  await page.locator('h1', { hasText: `Application ${application}` }).waitFor()
}

/** fill fills in a survey's form: a note, the place, a photo larger than what is taken. */
export async function fill(p, note) {
  const { page } = p
  await page.getByLabel('Crop seen').selectOption('rice')
  await page.getByLabel('Farmed by the applicant').selectOption('yes')
  await page.getByLabel('Condition of the crop').selectOption('good')
  await page.getByLabel('Boundaries').selectOption('as_registered')
  await page.getByLabel('Note').fill(note)
  await p.context.grantPermissions(['geolocation'])
  await p.context.setGeolocation({ latitude: 32.987, longitude: 116.464, accuracy: 8 })
  await page.getByRole('button', { name: 'Record the place' }).click()
  await page.getByText('32.98700, 116.46400').waitFor()
  // Noise of 1500 × 1200 pixels.
  const photo = await page.evaluate(async () => {
    const c = document.createElement('canvas')
    c.width = 1500
    c.height = 1200
    const g = c.getContext('2d')
    const d = g.createImageData(c.width, c.height)
    for (let i = 0; i < d.data.length; i += 65536) crypto.getRandomValues(d.data.subarray(i, i + 65536))
    for (let i = 3; i < d.data.length; i += 4) d.data[i] = 255
    g.putImageData(d, 0, 0)
    const b = new Uint8Array(await (await new Promise((done) => c.toBlob(done, 'image/jpeg', 0.95))).arrayBuffer())
    return [b.length, btoa(Array.from(b, (x) => String.fromCharCode(x)).join(''))]
  })
  assert.ok(photo[0] > 1_000_000, `${photo[0]} bytes are shrunk`)
  await page.getByLabel('Take photos').setInputFiles({ name: 'field.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(photo[1], 'base64') })
  await page.locator('.thumbs img').waitFor()
}

/** act opens the form of an act and does it. */
async function act(p, name, button) {
  await p.page.locator(`.acts [data-act=${name}]`).click()
  await p.page.locator('form.work-form').filter({ has: p.page.locator('h3', { hasText: button }) }).getByRole('button', { name: button, exact: true }).click()
}
