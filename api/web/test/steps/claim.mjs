// On a phone the officer draws a claim over a grower's parcel, by taps, by walking and by numbers; checks and the
// decision that it would bring appear at once, and it is kept when he says so.
import assert from 'node:assert/strict'

const pixels = 512 * 2 ** 16 // round the earth at zoom 16, to which the map goes for one corner
const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)

export default async function claim(p) {
  const { page } = p
  await page.setViewportSize({ width: 390, height: 844 })
  await p.become('officer', '#lang=en&page=claim')
  await page.getByRole('heading', { name: 'Draw a claim' }).waitFor()
  await page.locator('.claim-map:not([data-drawing]) canvas').waitFor()
  const county = p.state().get('county')

  // A grower with land, found by name and shown masked.
  let parcels = []
  let grower = ''
  for (const name of p.names) {
    await page.fill('#claim-grower', name)
    await page.keyboard.press('Enter')
    const found = page.locator('.people button', { hasText: name[0] }).first()
    await found.waitFor()
    assert.ok(!(await page.locator('body').innerText()).includes(name), 'names are shown masked')
    await found.click()
    grower = await page.locator('.claim .row code').innerText()
    parcels = (await p.ask(`/v1/parcels?county=${county}&grower_id=${grower}`)).items
    if (parcels.length > 0) break
    await page.getByRole('button', { name: 'Another' }).click()
  }
  assert.ok(parcels.length > 0, 'somebody of the roster farms land')
  const parcel = await p.ask('/v1/parcels/' + parcels[0].parcel_id)
  const ring = parcel.geometry.coordinates[0][0].slice(0, -1)

  // The parcel's first corner as numbers brings it into view; then its corners are tapped.
  await page.getByText('Corners, as numbers').click()
  const typed = page.locator('.corners form input')
  const type = async ([lon, lat]) => {
    await typed.nth(0).fill(String(lon))
    await typed.nth(1).fill(String(lat))
    await page.keyboard.press('Enter')
  }
  await type(ring[0])
  await page.getByText('1 corners').waitFor()
  await page.locator('.claim-map:not([data-drawing]) canvas').waitFor()
  await page.getByRole('button', { name: 'Undo corner' }).click()
  const canvas = page.locator('.claim-map canvas')
  await canvas.scrollIntoViewIfNeeded()
  const box = await canvas.boundingBox()
  const at = ([lon, lat]) => ({ x: box.x + box.width / 2 + ((lon - ring[0][0]) / 360) * pixels, y: box.y + box.height / 2 - (mercator(lat) - mercator(ring[0][1])) * pixels })
  for (const [i, corner] of ring.entries()) {
    const { x, y } = at(corner)
    await page.mouse.click(x, y)
    await page.getByText(`${i + 1} corners`).waitFor()
  }
  await page.getByRole('button', { name: 'Close outline' }).click()
  const areaShown = async () => parseFloat((await page.locator('.drawn-area').innerText()).replace(/,/g, ''))
  assert.ok(Math.abs((await areaShown()) - parcel.area_mu) < 0.1 * parcel.area_mu + 0.1, `${await areaShown()} mu drawn over ${parcel.area_mu}`)
  await p.shot('claim-drawn', true)

  const kept = async () => (await p.ask(`/v1/claims?county=${county}&grower_id=${grower}`)).items.length
  const before = await kept()
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await page.locator('.result h2').waitFor()
  await page.locator('.result .verdict').or(page.getByText('He is not on the roster')).first().waitFor()
  await page.locator('.result table code', { hasText: parcel.parcel_id }).waitFor()
  assert.match(await page.locator('.result').innerText(), /on land that he farms/)
  assert.equal(await kept(), before, 'a check keeps nothing')
  await p.accessible('claim, English')
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'nothing is wider than the phone')
  await p.shot('claim-checked', true)
  await page.getByRole('button', { name: 'Keep this claim' }).click()
  await page.getByText(/Kept as Q[0-9a-f]{12}/).waitFor()
  assert.equal(await kept(), before + 1, 'kept once')

  // A corner is dragged: the result is old, and is said to be.
  const was = await areaShown()
  await canvas.scrollIntoViewIfNeeded()
  const moved = await canvas.boundingBox()
  const from = { x: at(ring[0]).x, y: at(ring[0]).y + moved.y - box.y }
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x - 30, from.y - 30, { steps: 3 })
  await page.mouse.up()
  await p.until('the area follows the corner', async () => (await areaShown()) !== was)
  await page.getByText('The outline has changed since').waitFor()

  // In Chinese the draft stands as it was.
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('heading', { name: '圈地', exact: true }).waitFor()
  await page.getByRole('button', { name: '核对', exact: true }).click()
  await page.locator('.result h2', { hasText: '核对结果' }).waitFor()
  await p.accessible('claim, Chinese')
  await p.shot('claim-zh', true)

  // An outline that crosses itself is refused, with the reason in words.
  await page.getByRole('button', { name: '重新开始' }).click()
  await page.getByText('各角坐标', { exact: true }).click()
  const [x, y] = ring[0]
  for (const c of [[x, y], [x + 0.001, y + 0.001], [x + 0.001, y], [x, y + 0.001]]) await type(c)
  await page.getByText('4 个角').waitFor()
  await page.getByRole('button', { name: '闭合', exact: true }).click()
  await page.getByRole('button', { name: '核对', exact: true }).click()
  await page.getByText('图形自相交').waitFor()
  await page.getByRole('button', { name: 'English' }).click()

  // Walked: a position that is worse than the bound is left out and counted.
  await p.context.grantPermissions(['geolocation'], { origin: p.address.replace(/\/$/, '') })
  const walk = [[0, 0, 5], [0.001, 0, 6], [0.001, 0.001, 80], [0.001, 0.001, 7], [0, 0.001, 4]]
  const stand = ([dx, dy, accuracy]) => p.context.setGeolocation({ longitude: x + dx, latitude: y + dy, accuracy })
  await stand(walk[0])
  await page.getByText('Walk round', { exact: true }).click()
  await page.getByRole('button', { name: 'Start walking' }).click()
  let [good, bad] = [0, 0]
  for (const step of walk) {
    await stand(step)
    step[2] <= 20 ? good++ : bad++
    await page.getByText(`${good} positions kept, ${bad} left out`).waitFor()
  }
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('4 corners').waitFor()
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await page.locator('.result h2').waitFor()
  await p.shot('claim-walked', true)
  await p.signOut()
  await page.setViewportSize({ width: 1440, height: 900 })
}
