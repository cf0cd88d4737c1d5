// What one who has signed in sees: the bar, and below it the map with its list and
// sheet, or another page; and the state they share.

import { Aside } from './aside.ts'
import { Banner } from './banner.ts'
import { showBar } from './bar.ts'
import { reached, type Client, type Schemas } from './client.ts'
import { h } from './dom.ts'
import type { Looking } from './imagery.ts'
import type { Locker } from './locker.ts'
import { Legend } from './legend.ts'
import { List } from './list.ts'
import { Looker } from './looker.ts'
import type { CountyMap, View } from './map.ts'
import { mu } from './numbers.ts'
import { countyOf, type Opening } from './opening.ts'
import { firstPage, pagesOf, seesDecisions, seesLand, type Page } from './pages.ts'
import { forget } from './person.ts'
import { landOfRun, plotBox, runBox } from './place.ts'
import { Room } from './room.ts'
import './print.css'
import './sight.css'
import { readState, writeState, type State, type ThemeID } from './state.ts'
import { classOf, yieldBreaks, type Land } from './themes.ts'
import { textsIn } from './words.ts'
import { why } from './wrong.ts'

type Run = Schemas['Run']

export class App {
  private state: State
  private counties: Schemas['County'][] = []
  private county: Schemas['County'] | null = null // null until the first is open
  private runs: Run[] = []
  private run: Run | null = null
  private lands: Land[] = []
  private breaks: number[] = []
  private divided: Run | null = null // whose yields the breaks divide, or were asked for
  private map: CountyMap | null | undefined // undefined until it is first shown, null where there can be none
  private making: Promise<CountyMap | null> | undefined // since it is first to be shown
  private drawn: Run | null = null // on the map
  private widen = true // the next run drawn is shown whole
  private readonly bar = h('header', { class: 'bar' })
  private readonly skip = h('a', { class: 'skip', href: '#search' })
  private readonly side = h('nav', { class: 'side' })
  private readonly ground = h('div', { class: 'ground' })
  private readonly said = h('p', { class: 'message', role: 'status', hidden: true })
  private readonly main = h('main', { class: 'county' }, this.side, this.ground)
  private readonly room = new Room()
  private readonly list: List
  private readonly legend: Legend
  private readonly looker: Looker
  private readonly banner: Banner
  private readonly aside: Aside

  constructor(root: HTMLElement, private readonly client: Client, private readonly locker: Locker, private readonly me: Schemas['Me'], language: State['language'], private readonly leave: () => void) {
    forget() // whom another saw here before
    this.looker = new Looker(client, (to) => this.look(to))
    this.state = readState(location.hash, language)
    this.banner = new Banner(client, me.role === 'officer', this.state.language)
    client.addEventListener(reached, () => { if (client.reachable) this.back() })
    this.list = new List(client, { pick: (plot) => this.choose(plot, true) })
    this.legend = new Legend((theme) => this.change({ theme }))
    this.aside = new Aside(client, { main: this.main, decisions: seesDecisions(me.role), resized: () => this.map?.resize(), around: () => ({
      client, role: me.role, days: this.looker.imagery?.days ?? [], close: () => this.close(), look: (date) => this.lookAt(date), go: (to) => this.go(to),
      card: pagesOf(me.role).some((p) => p.id === 'models') ? (item) => this.go({ page: 'models', item }) : null,
    }) })
    this.side.append(this.list.box)
    this.main.append(this.aside.box)
    this.skip.addEventListener('click', (e) => {
      e.preventDefault()
      if (this.pageNow()) return this.room.heading()
      if (this.side.offsetParent === null) this.close() // where there is no room for both
      document.getElementById('search')?.focus()
    })
    this.ground.append(this.said, this.legend.box, this.looker.panel.box)
    root.replaceChildren(this.skip, this.bar, this.banner.box, this.main, this.room.box)
    addEventListener('popstate', () => void this.goTo(readState(location.hash, this.state.language)))
    addEventListener('keydown', (e) => { if (e.key === 'Escape' && this.state.plot && !this.pageNow()) this.close() })
  }

  async start(first: Opening): Promise<void> {
    this.state.page ??= firstPage[this.me.role] as never
    this.show()
    this.counties = await first.counties
    if (this.counties.length === 0) return this.say(this.texts().noCounties)
    await this.openCounty(this.state.county, first)
    if (!seesLand(this.me.role)) return this.say(this.texts().noMap)
    if (this.state.plot) this.choose(this.state.plot, !this.state.at)
  }

  private async makeMap(first: View): Promise<CountyMap | null> {
    const { CountyMap } = await import('./map.ts')
    try {
      return new CountyMap(this.ground, () => this.client.headers(), this.texts().map, {
        moved: (at) => this.change({ at }),
        picked: (land) => this.choose(land.plot_id, false),
        seen: (lands) => { this.lands = lands; this.showLands() },
        pictured: (refused) => this.looker.panel.refuse(refused, this.state.language),
        describe: (land) => `${classOf(this.state.theme, land, this.breaks)[this.state.language]}\n${land.area_mu === undefined ? '' : mu(land.area_mu, this.state.language) + ' · '}${land.plot_id ?? this.texts().comeCloser}`,
      }, first)
    } catch {
      this.ground.append(h('p', { class: 'wrong' }, this.texts().noWebGL))
      return null
    }
  }

  private texts() {
    return textsIn(this.state.language)
  }

  /** say shows a text in place of the map; '' the map again. */
  private say(text: string): void {
    this.said.textContent = text
    this.said.hidden = text === ''
    this.ground.classList.toggle('silent', text !== '')
  }

  private pageNow(): Page | null {
    return pagesOf(this.me.role).find((p) => p.id === this.state.page) ?? null
  }

  /** go changes the address and shows what it says. */
  private go(to: Partial<State>): void {
    const next = { ...this.state, ...('page' in to ? { item: undefined } : {}), ...to } as State
    const hash = writeState(next)
    if (hash !== location.hash) history.pushState(null, '', hash)
    void this.goTo(next, true)
  }

  /** change sets a part of the state, in the address too; keep makes a step that "back" undoes. */
  private change(part: Partial<State>, keep = false): void {
    this.state = { ...this.state, ...part }
    const hash = writeState(this.state)
    if (keep && hash !== location.hash) history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
    if ('theme' in part) void this.colour()
    if (Object.keys(part).some((k) => k !== 'at')) this.show()
    if ('language' in part) this.aside.show(this.state.language)
  }

  /** goTo shows the state of an address; move brings its plot into view. */
  private async goTo(to: State, move = false): Promise<void> {
    const before = this.state
    this.state = to
    if (to.county !== before.county || to.run !== before.run) await this.openCounty(to.county)
    if (to.theme !== before.theme) void this.colour()
    if (to.layer !== before.layer || to.date !== before.date || to.swipe !== before.swipe || to.fill !== before.fill) this.showPictures()
    if (to.at && to.plot === before.plot) this.map?.jump(to.at)
    this.show()
    if (to.plot !== before.plot) to.plot ? this.choose(to.plot, move, false) : this.close(false)
    else if (to.language !== before.language) this.aside.show(to.language)
  }

  private async openCounty(code: string | undefined, first?: Opening): Promise<void> {
    const county = countyOf(this.counties, code)!
    const asked = await first?.runs
    this.runs = asked?.county === county.code ? asked.runs : await this.client.get('/v1/runs', { query: { county: county.code } })
    this.county = county
    this.run = this.runs.find((r) => r.id === this.state.run) ?? this.runs[0] ?? null
    this.widen = this.state.at === undefined || county.code !== code
    this.lands = []
    this.breaks = []
    this.looker.imagery = null
    this.divided = null
    this.say(this.run ? '' : this.texts().noRuns)
    this.change({ county: county.code, run: this.run?.id })
    await this.draw()
  }

  /** draw puts the run on the map, where the map is shown. */
  private async draw(): Promise<void> {
    const run = this.run
    if (!run || this.main.hidden || !seesLand(this.me.role)) return
    if (this.map === null || this.drawn === run) return
    this.say(this.client.reachable ? '' : this.texts().mapNeedsNetwork)
    if (!this.client.reachable) return
    this.drawn = run
    const land = landOfRun(run)
    const box = this.widen ? await runBox(this.client, run) : null
    const first = !this.making
    this.making ??= this.makeMap({ run: run.id, land, show: box ?? this.state.at ?? null, theme: this.state.theme, breaks: this.breaks })
    const map = this.map = await this.making
    if (!map || this.run !== run) return
    if (!first) {
      if (box) map.show(box)
      else if (this.state.at) map.jump(this.state.at)
      await map.showRun(run.id, land)
    }
    await this.colour()
    if (this.state.plot) await map.choose(this.state.plot)
    const imagery = await this.looker.ask(run)
    if (this.run !== run) return
    this.looker.imagery = imagery
    this.showPictures()
    this.aside.show(this.state.language) // whose dates now lead to their imagery
  }

  /** back goes on where the network was missing. */
  private back(): void {
    this.room.retry()
    this.aside.retry()
    if (!this.drawn) this.draw().catch((e: unknown) => this.say(why(e, this.state.language)))
  }

  /** look sets what imagery is shown. */
  private look(to: Partial<Looking>): void {
    this.state = this.looker.after(this.state, to)
    history.replaceState(null, '', writeState(this.state))
    this.showPictures()
  }

  /** lookAt shows the imagery of a day, in the layer chosen, else in true colour. */
  private lookAt(date: string): void {
    this.look({ date, layer: this.state.layer ?? 'truecolor' })
    this.ground.scrollIntoView({ block: 'nearest' })
  }

  private showPictures(): void {
    this.looker.show(this.map, this.run, this.state)
  }

  /** colour paints the land by the theme. Where yields divide is a question to the service, once a run. */
  private async colour(): Promise<void> {
    const run = this.run
    if (this.state.theme === 'yield' && run && this.divided !== run) {
      this.divided = run
      this.client.get('/v1/statistics', { query: { county: run.county, run: run.id } }).then((st) => {
        if (run !== this.run) return
        this.breaks = st.yield_breaks.length > 0 ? st.yield_breaks : yieldBreaks([...new Map(this.lands.filter((l) => l.yield !== undefined).map((l) => [l.plot_id, l.yield!])).values()]) // too few growers to tell: of what is in view
        this.showLands()
        return this.map?.colourBy(this.state.theme, this.breaks)
      }).catch(() => { this.divided = null })
    }
    await this.map?.colourBy(this.state.theme, this.breaks)
  }

  private showLands(): void {
    this.list.show(this.run, this.state, this.lands, this.breaks)
    this.legend.show(this.state, (t: ThemeID) => t !== 'outcome' || seesDecisions(this.me.role), this.lands, this.breaks)
  }

  /** choose opens a plot's sheet; move brings its land into view. */
  private choose(plot: string, move: boolean, keep = true): void {
    if (!this.run) return
    this.change({ plot }, keep)
    void this.map?.choose(plot)
    void this.aside.open(this.run, plot, this.state.language).then(async (known) => {
      if (!known || !move || !this.map) return
      const box = await plotBox(this.client, known.run, known.plot.parcels)
      if (box && this.state.plot === plot && !this.map.holds(box)) this.map.show(box, true)
    }).catch(() => undefined) // the map stays where it is
  }

  private close(keep = true): void {
    const plot = this.state.plot
    this.aside.close()
    if (keep) this.change({ plot: undefined as never }, true)
    void this.map?.choose('')
    if (plot) this.side.querySelector<HTMLElement>(`[data-plot="${CSS.escape(plot)}"]`)?.focus()
  }

  private show(): void {
    const { language } = this.state
    const t = this.texts()
    const now = this.pageNow()
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.title = `Parus · ${now ? now.title[language] : t.title}`
    this.skip.textContent = now ? t.skipPage : t.skip
    this.side.setAttribute('aria-label', t.list)
    this.aside.box.setAttribute('aria-label', t.plot)
    const { me, counties, runs, run, state } = this
    showBar(this.bar, { me, counties, runs, run, state, now, go: (to) => this.go(to), open: (county, r) => this.openAnother(county, r), speak: (l) => this.change({ language: l }), leave: this.leave })
    this.banner.show(language)
    this.showLands()
    this.looker.panel.show(this.looker.imagery, this.state)
    this.turn(now)
  }

  /** turn shows a page, or the map where there is none. */
  private turn(page: Page | null): void {
    if (!this.county) return
    const back = this.main.hidden && !page
    this.main.hidden = page !== null
    const { client, locker, me, county, run, state: { language, item } } = this
    this.room.show(page, { client, locker, me, county, run, language, item, go: (to) => this.go(to) })
    if (!back) return
    this.map?.resize()
    void this.draw()
  }

  private openAnother(county: string, run?: number): void {
    if (this.state.plot) this.close(false)
    const other = county !== this.state.county
    this.state = { ...this.state, county, run, plot: undefined, ...(other ? { at: undefined } : {}) } as State
    this.openCounty(county).catch((e: unknown) => this.say(why(e, this.state.language)))
  }
}
