// The officer in a field without a network: the page opens all the same and says so in both languages, a survey with a
// photo is kept sealed and sent when there is a network again; nothing of the service's lies open on the device, and
// whoever signs out leaves nothing.
import assert from 'node:assert/strict'
import { apply, fill } from './factory.mjs'

const note = 'lodged along the southern ditch'

/** kept is what lies on the device: caches by address, and what IndexedDB holds, its bytes as text too. */
const kept = (p) => p.page.evaluate(async () => {
  const cached = []
  for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) cached.push(new URL(r.url).pathname)
  const db = await new Promise((done) => { const o = indexedDB.open('parus'); o.onsuccess = () => done(o.result) })
  const all = (store) => new Promise((done) => { const a = db.transaction(store).objectStore(store).getAll(); a.onsuccess = () => done(a.result) })
  const [things, keys] = [await all('sealed'), await all('keys')]
  db.close()
  const out = await Promise.all(keys.map((k) => crypto.subtle.exportKey('raw', k).then(() => 'read out', () => 'sealed')))
  return { cached, kinds: things.map((s) => s.kind).sort(), open: things.map((s) => `${s.owner} ${s.kind} ${s.name} ` + new TextDecoder('latin1').decode(s.bytes)).join('\n'), keys: out, workers: (await navigator.serviceWorker.getRegistrations()).length }
})

export default async function offline(p) {
  const { page, context } = p
  await p.become('officer', '#lang=en')
  await p.rows().first().waitFor()
  const county = p.state().get('county')
  const run = (await p.ask(`/v1/runs?county=${county}`)).find((r) => r.as_of === '2024-07-15').id // in mid-season there are limits
  const decision = (await p.ask(`/v1/decisions?county=${county}&run=${run}&outcome=refer`)).items.find((d) => d.limit_fen > 0)
  const application = await apply(p, county, run, decision)
  const grower = decision.grower_id
  await page.getByRole('button', { name: 'Survey', exact: true }).click()
  await page.getByRole('button', { name: 'Take', exact: true }).click()
  await page.getByRole('button', { name: 'Give back' }).waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active.state === 'activated' || new Promise((done) => r.active.addEventListener('statechange', done))))

  // No network, and the page loaded anew.
  await p.until('what he took is carried', async () => (await kept(p)).kinds.includes('task'))
  const before = await kept(p)
  assert.ok(before.cached.includes('/') && before.cached.length >= 4, 'the page, its script, its style, its icon')
  assert.deepEqual(before.cached.filter((at) => at.startsWith('/v1')), [], 'no answer of the service is cached')
  await context.setOffline(true)
  await page.reload()
  await page.locator('.no-network', { hasText: 'There is no network.' }).waitFor()
  await page.locator('h1', { hasText: 'Survey' }).waitFor()
  await p.accessible('offline')
  await page.getByRole('button', { name: '中文' }).click()
  await page.locator('.no-network', { hasText: '当前没有网络。' }).waitFor()
  await p.shot('offline-zh')
  await page.getByRole('button', { name: 'English' }).click()
  await page.locator('.work > .menu').getByRole('button', { name: 'Tasks' }).click()
  await page.getByRole('row', { name: /Survey/ }).filter({ hasText: grower }).getByRole('button', { name: 'Open' }).click()
  await page.getByText(/^Land: 鹭溪镇山雀村 \d+ parcels/).waitFor() // where he is to look
  await fill(p, note)
  await page.getByRole('button', { name: 'Finish the survey' }).click()
  await page.getByText('There is no connection. The survey is kept').waitFor()

  // What waits is sealed: neither the words nor a JPEG's first bytes can be read, and no script reads the key out.
  const waits = await kept(p)
  assert.deepEqual(waits.kinds.filter((k) => k === 'survey' || k === 'photo'), ['photo', 'survey'])
  assert.deepEqual(waits.keys, ['sealed'])
  for (const clear of [note, '\xff\xd8\xff\xe0\x00\x10JFIF', grower, 'officer', 'Li Min']) assert.ok(!waits.open.includes(clear), `${JSON.stringify(clear)} lies open on the device`)
  await p.shot('offline-survey', true)

  // Loaded anew it still waits; with a network it is sent.
  await page.reload()
  await page.getByText('wait to be sent (1)').waitFor()
  await page.locator('.bar').getByRole('button', { name: 'Map', exact: true }).click()
  await page.getByText('The map needs a network.').waitFor()
  await p.shot('offline-map')
  await page.goBack()
  await page.getByText('wait to be sent (1)').waitFor()
  await context.setOffline(false)
  await page.locator('.no-network').waitFor({ state: 'hidden' })
  const arrived = await p.until('the survey has arrived', async () => (await p.ask(`/v1/applications/${application}`)).surveys[0])
  assert.equal(arrived.note, note)
  assert.equal(arrived.photos.length, 1)
  assert.deepEqual((await kept(p)).kinds.filter((k) => k === 'survey' || k === 'photo'), [])
  await page.locator('.bar').getByRole('button', { name: 'Map', exact: true }).click()
  await p.rows().first().waitFor()
  await p.drawn()

  await p.signOut()
  const after = await kept(p)
  assert.deepEqual(after, { cached: [], kinds: [], open: '', keys: [], workers: 0 }, 'who signs out leaves nothing')
}
