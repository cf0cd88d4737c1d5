// The claim page: an outline drawn by taps, walked with the phone or typed; who claims it; and what the checks say at once.

import './claim.css'
import { claimTexts, whyRefused, type ClaimTexts } from './claim.texts.ts'
import { ClaimMap } from './claimmap.ts'
import { growerPicker, type Grower } from './claimperson.ts'
import { claimResult } from './claimresult.ts'
import { areaM2, cornerOf, geometryOf, muOf, take, type Corner, type Walk } from './claimring.ts'
import { Problem, type Client, type Schemas } from './client.ts'
import { h } from './dom.ts'
import { mu, number } from './numbers.ts'
import type { PageContext } from './pages.ts'
import { words } from './words.ts'

/** Draft is what has been drawn so far; it lives as long as the sign-in and is kept nowhere. */
interface Draft {
  county: string
  corners: Corner[]
  closed: boolean
  method: 'drawn' | 'walked'
  worst: number // metres
  crs: string
  grower: Grower | null
  crop: string
}

const drafts = new WeakMap<Client, Draft>()
const bounds = [5, 10, 20, 50] // metres

const fresh = (county: string): Draft => ({ county, corners: [], closed: false, method: 'drawn', worst: 0, crs: 'EPSG:4326', grower: null, crop: '' })

export async function claimPage(context: PageContext): Promise<HTMLElement> {
  const t = claimTexts(context.language)
  if (!context.run) return h('div', { class: 'paper claim' }, h('h1', {}, t.title), h('p', { class: 'message' }, t.noRun))
  return new ClaimPage(context, context.run, t).open()
}

class ClaimPage {
  private readonly draft: Draft
  private readonly map: ClaimMap
  private readonly seesDecisions: boolean
  private readonly meter = h('span', { class: 'drawn-area', role: 'status' })
  private readonly tools = h('div', { class: 'tools' })
  private readonly walking = h('div', { class: 'row' })
  private readonly list = h('div', {})
  private readonly said = h('p', { class: 'status', role: 'status' })
  private readonly result = h('div', {})
  private readonly keep = h('button', { type: 'button', disabled: true, onclick: () => void this.send(false) })
  private watch: number | null = null
  private bound = 20

  constructor(private readonly context: PageContext, run: Schemas['Run'], private readonly t: ClaimTexts) {
    const { client, county, me, left } = context
    const draft = drafts.get(client)
    this.draft = draft?.county === county.code ? draft : fresh(county.code)
    drafts.set(client, this.draft)
    this.seesDecisions = me.role !== 'clerk'
    this.map = new ClaimMap(client, run, t.map, t.unable, {
      tapped: (at, first) => this.tapped(at, first),
      moved: (i, to) => this.change({ corners: this.draft.corners.map((c, k) => (k === i ? to : c)) }),
      mayDrag: () => this.watch === null,
    }, left)
    left.addEventListener('abort', () => this.stop())
  }

  async open(): Promise<HTMLElement> {
    const { t, draft } = this
    const { client, item, county } = this.context
    const mode = (value: Draft['method'], label: string) => h('label', { class: 'choice' },
      h('input', { type: 'radio', name: 'claim-how', value, checked: draft.method === value, onchange: () => { this.stop(); this.change({ method: value }) } }), label)
    const crops = words.crops.filter((c) => c.code && c.code !== 'other')
    const page = h('div', { class: 'paper claim' },
      h('h1', {}, t.title), h('p', { class: 'note' }, t.lead),
      h('fieldset', {}, h('legend', {}, t.how), h('div', { class: 'row' }, mode('drawn', t.drawn), mode('walked', t.walked), this.meter)),
      this.map.box, this.tools, this.walking,
      h('details', { class: 'corners' }, h('summary', {}, t.cornersTitle), this.list),
      h('h2', {}, t.grower),
      growerPicker(client, draft.grower, t, (g) => { this.draft.grower = g; void this.earlier(); this.show() }),
      h('div', { class: 'row' }, h('label', { class: 'field' }, t.crop, h('select', { id: 'claim-crop', onchange: (e: Event) => this.change({ crop: (e.target as HTMLSelectElement).value }) },
        h('option', { value: '' }, t.noCrop), crops.map((c) => h('option', { value: c.code!, selected: c.code === draft.crop }, c[this.context.language]))))),
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'primary', onclick: () => void this.send(true) }, t.check), this.keep),
      this.said, this.result, this.before)
    this.show()
    if (item) {
      const claim = await client.get('/v1/claims/{id}', { path: { id: item }, query: { county: county.code } })
      this.tell(claim, true)
    }
    return page
  }

  private readonly before = h('div', {})

  /** earlier lists what is kept of the grower. */
  private async earlier(): Promise<void> {
    const { t } = this
    const { client, county, language, go } = this.context
    this.before.replaceChildren()
    const grower = this.draft.grower
    if (!grower) return
    const page = await client.get('/v1/claims', { query: { county: county.code, grower_id: grower.id, limit: 50 } }).catch(() => null)
    if (!page?.items.length || this.draft.grower !== grower) return
    const row = (c: Schemas['Claim']) => h('li', {}, h('button', { type: 'button', class: 'link', onclick: () => go({ item: c.claim_id }) }, c.claim_id), ` · ${c.taken} · ${mu(c.area_mu, language)} · ${c.method === 'walked' ? t.walked : t.drawn}`)
    this.before.replaceChildren(h('h2', {}, t.earlier), h('ul', { class: 'reasons' }, page.items.map(row)))
  }

  private change(part: Partial<Draft>): void {
    Object.assign(this.draft, part)
    if ('corners' in part || 'closed' in part || 'crop' in part || 'crs' in part) {
      this.keep.disabled = true
      if (this.result.firstChild) this.said.textContent = this.t.changed
    }
    this.show()
  }

  private tapped(at: Corner, first: boolean): void {
    const { corners, closed, method, crs } = this.draft
    if (closed || method !== 'drawn' || crs !== 'EPSG:4326') return
    if (first && corners.length >= 3) this.change({ closed: true })
    else if (!first) this.change({ corners: [...corners, at] })
  }

  private show(): void {
    const { t, draft } = this
    const { language } = this.context
    const { corners, closed, method } = draft
    this.map.show(corners, closed)
    this.meter.replaceChildren(mu(muOf(areaM2(corners)), language), h('small', {}, ` · ${corners.length} ${t.corners}`))
    const button = (label: string, on: boolean, act: () => void) => h('button', { type: 'button', disabled: !on, onclick: act }, label)
    this.tools.replaceChildren(
      button(t.undo, corners.length > 0, () => this.change({ corners: corners.slice(0, -1), closed: false })),
      closed ? button(t.open, true, () => this.change({ closed: false })) : button(t.close, corners.length >= 3 && this.watch === null, () => this.change({ closed: true })),
      button(t.again, corners.length > 0, () => { this.change({ corners: [], closed: false, worst: 0 }); this.result.replaceChildren(); this.said.textContent = '' }))
    this.walking.hidden = method !== 'walked'
    if (method === 'walked' && !this.walking.firstChild) this.walkTools()
    if (!this.list.contains(document.activeElement) || document.activeElement?.tagName === 'BUTTON') this.cornerList()
    this.keep.textContent = t.keep
  }

  private cornerList(): void {
    const { t, draft } = this
    const field = (label: string, value: string) => h('input', { type: 'text', inputmode: 'decimal', 'aria-label': label, value })
    const rows = draft.corners.map((c, i) => {
      const [lon, lat] = [field(`${t.lon} ${i + 1}`, c[0].toFixed(7)), field(`${t.lat} ${i + 1}`, c[1].toFixed(7))]
      const typed = () => {
        const to = cornerOf(lon.value, lat.value)
        this.said.textContent = to ? '' : t.badCorner
        if (to) this.change({ corners: this.draft.corners.map((x, k) => (k === i ? to : x)) })
      }
      lon.addEventListener('change', typed)
      lat.addEventListener('change', typed)
      return h('div', { class: 'corner' }, h('span', {}, i + 1), lon, lat, h('button', { type: 'button', 'aria-label': `${t.remove} ${i + 1}`, onclick: () => this.change({ corners: this.draft.corners.filter((_, k) => k !== i), closed: draft.closed && draft.corners.length > 3 }) }, '✕'))
    })
    const [lon, lat] = [field(t.lon, ''), field(t.lat, '')]
    const add = (e: Event) => {
      e.preventDefault()
      const to = cornerOf(lon.value, lat.value)
      this.said.textContent = to ? '' : t.badCorner
      if (!to) return lon.focus()
      this.list.querySelector('button')?.focus() // so that the list may be written anew
      this.change({ corners: [...this.draft.corners, to] })
      this.map.look()
      this.cornerList()
      this.list.querySelector<HTMLInputElement>('form input')?.focus()
    }
    this.list.replaceChildren(
      h('label', { class: 'field' }, t.crs, h('select', { onchange: (e: Event) => this.change({ crs: (e.target as HTMLSelectElement).value }) }, Object.entries(t.crsOf).map(([v, text]) => h('option', { value: v, selected: v === draft.crs }, text)))),
      h('p', { class: 'note' }, t.crsNote), h('div', {}, rows),
      h('form', { class: 'corner', onsubmit: add }, h('span', {}, draft.corners.length + 1), lon, lat, h('button', { type: 'submit', 'aria-label': t.add }, '＋')))
  }

  private walkTools(): void {
    const { t } = this
    const told = h('span', { role: 'status' })
    let walk: Walk = { corners: [], worst: 0, left: 0 }
    const start = h('button', { type: 'button' }, t.walk)
    start.addEventListener('click', () => {
      if (this.watch !== null) {
        this.stop()
        start.textContent = t.walk
        return this.change({ closed: this.draft.corners.length >= 3 })
      }
      walk = { corners: [], worst: 0, left: 0 }
      start.textContent = t.stop
      this.watch = navigator.geolocation.watchPosition((at) => {
        const fix = { lon: at.coords.longitude, lat: at.coords.latitude, accuracy: at.coords.accuracy }
        const first = walk.corners.length === 0
        walk = take(walk, fix, this.bound)
        told.textContent = `${t.accuracy}: ${number(fix.accuracy, 0)} ${t.metres} · ${walk.corners.length} ${t.kept}, ${walk.left} ${t.leftOut}`
        this.change({ corners: walk.corners, worst: walk.worst, closed: false, crs: 'EPSG:4326' })
        if (first) this.map.look(walk.corners)
      }, (e) => { told.textContent = `${t.noGPS}: ${t.noGPSWhy[e.code] || e.message}` }, { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 })
      this.change({ corners: [], closed: false, worst: 0 })
    })
    this.walking.replaceChildren(start, h('label', {}, `${t.bound} `, h('select', { onchange: (e: Event) => { this.bound = Number((e.target as HTMLSelectElement).value) } },
      bounds.map((b) => h('option', { value: b, selected: b === this.bound }, `${b} ${t.metres}`)))), told)
  }

  private stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch)
    this.watch = null
  }

  /** send asks what the checks say; with preview nothing is kept. */
  private async send(preview: boolean): Promise<void> {
    const { t, draft } = this
    const { client, county, language } = this.context
    if (!draft.closed || draft.corners.length < 3 || !draft.grower) {
      this.said.textContent = t.need
      return
    }
    this.said.textContent = t.checking
    const body: Schemas['ClaimDrawn'] = { county: county.code, grower_id: draft.grower.id, method: draft.method, source_crs: draft.crs, geometry: geometryOf(draft.corners), ...(draft.crop ? { crop: draft.crop } : {}),
      ...(draft.method === 'walked' ? { accuracy_m: Math.min(1000, Math.ceil(draft.worst)) } : {}) }
    try {
      this.tell(await client.post('/v1/claims', body, { query: { preview } }), !preview)
      this.keep.disabled = !preview
      if (!preview) void this.earlier()
    } catch (e) {
      this.result.replaceChildren()
      if (!(e instanceof Problem)) throw e
      const request = e.request ? ` (${t.request} ${e.request})` : ''
      this.said.replaceChildren(h('span', { class: 'wrong' }, e.status === 422 ? `${t.refused}: ${whyRefused(e.detail, language)}` : `${t.failed}: ${e.message}${e.detail ? `: ${e.detail}` : ''}${request}`))
    }
  }

  private tell(claim: Schemas['Claim'], kept: boolean): void {
    const { t } = this
    const { language, left } = this.context
    if (left.aborted) return
    this.said.textContent = kept ? `${t.keptAs} ${claim.claim_id}` : ''
    this.result.replaceChildren(claimResult(claim, this.seesDecisions, t, language))
    this.result.querySelector<HTMLElement>('h2')?.focus({ preventScroll: kept })
    if (kept && this.draft.corners.length === 0) {
      const ring = (claim.geometry as unknown as { coordinates: Corner[][][] } | undefined)?.coordinates[0]?.[0]?.slice(0, -1) ?? []
      this.map.show(ring, true)
      this.map.look(ring)
    }
  }
}
