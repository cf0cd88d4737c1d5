// How long the map of a whole county takes for one who has just signed in: node test/firstview.mjs ADDRESS TOKEN ROUNDS.
// From the page's first byte asked for to the map standing still, list and legend filled, with Chromium's processor throttled.
// Environment: CHROMIUM, its program; THROTTLE, how often as slow (4); SHOTS, a folder for screenshots, if wanted.
import { chromium } from 'playwright-core'

const [address, token, rounds] = process.argv.slice(2)
const { CHROMIUM, SHOTS, THROTTLE = '4' } = process.env
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] })
try {
  for (let i = 0; i < Number(rounds); i++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' }) // nothing kept from the round before
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    await page.addInitScript((t) => {
      sessionStorage.setItem('parus.token', t)
      window.still = []
      new MutationObserver(() => {
        const ground = document.querySelector('.ground')
        const drawing = !ground || 'drawing' in ground.dataset
        if (window.drawing && !drawing) window.still.push(performance.now())
        window.drawing = drawing
      }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-drawing'] })
    }, token)
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: Number(THROTTLE) })
    await page.goto(address + '/#lang=en')
    // Still for two seconds, so that nothing comes after.
    await page.waitForFunction(() => window.still.length > 0 && !window.drawing && document.querySelector('.legend li') && performance.now() - window.still.at(-1) > 2000, null, { polling: 100 })
    const seen = await page.evaluate(() => ({
      ms: Math.round(window.still.at(-1)), still: window.still.map(Math.round), list: document.querySelector('.results')?.innerText.slice(0, 60),
      tiles: performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.mvt')).map((r) => ({ at: Math.round(r.startTime), ms: Math.round(r.duration), bytes: r.transferSize, name: r.name.split('/tiles/')[1] })),
    }))
    const { metrics } = await cdp.send('Performance.getMetrics')
    seen.task = metrics.find((m) => m.name === 'TaskDuration').value // processor seconds of the page's own thread
    console.log(JSON.stringify(seen))
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/first-view-${i + 1}.png` })
    await context.close()
  }
} finally {
  await browser.close()
}
