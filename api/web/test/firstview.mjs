// How long the map of a whole county takes for one who has just signed in: node test/firstview.mjs ADDRESS TOKEN.
// It opens a window with nothing in it, lets the browser come to rest, says "ready", and opens the map at the next line of its input, as often as there are lines.
// Measured is from the page's first byte asked for to the map standing still, list and legend filled, with the page's processor throttled.
// Environment: CHROMIUM, its program; THROTTLE, how often as slow (4); SHOTS, a folder for screenshots, if wanted.
import { createInterface } from 'node:readline'
import { setTimeout as rest } from 'node:timers/promises'
import { chromium } from 'playwright-core'

const [address, token] = process.argv.slice(2)
const { CHROMIUM, SHOTS, THROTTLE = '4' } = process.env
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] })
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
try {
  for (let i = 1; ; i++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' }) // nothing kept from the round before
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    await page.addInitScript((t) => {
      sessionStorage.setItem('parus.token', t)
      window.still = []
      new MutationObserver(() => {
        const ground = document.querySelector('.ground')
        const drawing = !ground || 'drawing' in ground.dataset
        if (window.drawing && !drawing) {
          window.still.push(performance.now())
          requestAnimationFrame(() => { window.shown = performance.now() }) // when the last picture has left the page for the screen
        }
        window.drawing = drawing
      }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-drawing'] })
    }, token)
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: Number(THROTTLE) })
    await rest(2000) // a new window of Chromium loads parts of its own
    console.log('ready')
    if ((await input.next()).done) break
    await page.goto(address + '/#lang=en')
    // Still for two seconds, so that nothing comes after.
    await page.waitForFunction(() => window.still.length > 0 && !window.drawing && document.querySelector('.legend li') && performance.now() - window.still.at(-1) > 2000, null, { polling: 100 })
    const seen = await page.evaluate(() => ({ ms: Math.round(window.still.at(-1)), shown: Math.round(window.shown), still: window.still.map(Math.round), run: new URLSearchParams(location.hash.slice(1)).get('run'), list: document.querySelector('.results')?.innerText.slice(0, 60) }))
    const { metrics } = await cdp.send('Performance.getMetrics')
    seen.task = metrics.find((m) => m.name === 'TaskDuration').value // processor seconds of the page's own thread
    console.log(JSON.stringify(seen))
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/first-view-${i}.png` })
    await context.close()
  }
} finally {
  await browser.close()
}
