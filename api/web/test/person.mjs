// A person with a browser at `parus demo`: what the steps of the browser test share.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const most = 60_000 // milliseconds until something counts as not coming, on a machine with other work too
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Person is one browser with one page. names are people of the roster, parcel a parcel of the run. */
export class Person {
  wrong = [] // what no step may cause
  step = '' // that he is at
  shots = 0

  static async open({ address, chromium: program, names, parcel, shots }) {
    const p = new Person()
    Object.assign(p, { address, names, parcel, folder: shots })
    p.browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--use-fake-ui-for-media-stream'] })
    p.context = await p.browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' })
    p.page = await p.context.newPage()
    p.page.setDefaultTimeout(most)
    p.page.on('pageerror', (e) => p.wrong.push(`script error: ${e.message}`))
    p.page.on('console', (m) => { if (m.type() === 'error' && !/favicon|Failed to load resource/.test(m.text())) p.wrong.push(`console: ${m.text()}`) })
    p.page.on('request', (r) => { if (!r.url().startsWith(address) && !/^(data|blob):/.test(r.url())) p.wrong.push(`asked elsewhere: ${r.url()}`) })
    p.page.on('response', (r) => { if (r.status() >= 500) p.wrong.push(`${r.status()} ${r.url()}`) })
    return p
  }

  close() { return this.browser.close() }

  /** shot keeps a screenshot where they are wanted. */
  async shot(name, fullPage = false) {
    if (this.folder) await this.page.screenshot({ path: `${this.folder}/${this.step}-${String(++this.shots).padStart(2, '0')}-${name}.png`, fullPage })
  }

  /** accessible fails on serious violations of WCAG 2.1 A and AA. */
  async accessible(where) {
    await this.page.evaluate(axe)
    const found = await this.page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
    const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`), [], `axe, ${where}`)
  }

  /** until waits for what a check sees; it never rests on the time a thing takes. */
  async until(what, check) {
    const end = Date.now() + most
    for (let seen; ; await new Promise((done) => setTimeout(done, 50))) {
      seen = await check()
      if (seen) return seen
      assert.ok(Date.now() < end, `waited in vain until ${what}`)
    }
  }

  /** signIn begins where the page offers it, as somebody of the demonstration. */
  async signIn(as) {
    await this.page.getByRole('button', { name: /^(Sign in|登录)$/ }).click()
    await this.page.locator(`a[href*="as=${as}&"], a[href$="as=${as}"]`).click()
    await this.page.locator('.bar .me').waitFor()
  }

  async signOut() {
    await this.page.getByRole('button', { name: /^(Sign out|退出)$/ }).click()
    await this.page.getByRole('button', { name: /^(Sign in|登录)$/ }).waitFor() // signed out for good before another page is asked for
  }

  /** become signs out whoever is signed in, and somebody in, at an address behind #. */
  async become(as, hash) {
    if (await this.page.locator('.bar .me').isVisible()) await this.signOut()
    await this.page.goto(this.address + hash) // where nobody is signed in, the welcome needs no loading anew
    await this.signIn(as)
  }

  /** goTo opens an address behind # anew. */
  async goTo(hash) {
    await this.page.goto(this.address + hash)
    await this.page.reload() // another hash alone loads nothing
  }

  state() { return new URLSearchParams(new URL(this.page.url()).hash.slice(1)) }

  /** ask asks the service as who is signed in. */
  ask(path) {
    return this.page.evaluate((p) => fetch(p, { headers: { Authorization: 'Bearer ' + sessionStorage.getItem('parus.token') } }).then((r) => r.json()), path)
  }

  /** rows are the plots listed beside the map. */
  rows() { return this.page.locator('.side [data-plot]') }

  /** drawn waits until the map stands still and the list says what is in view. */
  drawn() { return this.page.locator('.ground:not([data-drawing]) canvas').waitFor() }

  /** focused waits until the focus is where a check in the page wants it. */
  focused(check) { return this.page.waitForFunction(`(${check})(document.activeElement)`) }
}
