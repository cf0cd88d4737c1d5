// The list beside the map: what is in view, or what a search found. All that the
// map's pointer reaches is reached here by keyboard.

import { Problem, type Client, type Schemas } from './client.ts'
import { h } from './dom.ts'
import { mu } from './numbers.ts'
import { find, holdings, landOf } from './search.ts'
import type { Language, State } from './state.ts'
import { classOf, gravestLast, type Land } from './themes.ts'
import { textsIn } from './words.ts'

const most = 150 // rows

export interface Picker {
  pick(plot: string): void
}

/** List keeps the search and its results. */
export class List {
  readonly box = h('div', { class: 'list' })
  private readonly form: HTMLFormElement
  private readonly input = h('input', { type: 'search', id: 'search', maxlength: 100, autocomplete: 'off' })
  private readonly label = h('label', { for: 'search' })
  private readonly button = h('button', { type: 'submit' })
  private readonly results = h('div', { class: 'results' })
  private lands: Land[] = []
  private searching = false
  private asked = 0 // the newest search: the answer to an earlier one comes too late
  private run: Schemas['Run'] | null = null
  private state: State = { language: 'en', theme: 'crop' }
  private breaks: number[] = []

  constructor(private readonly client: Client, private readonly picker: Picker) {
    this.form = h('form', { role: 'search', onsubmit: (e: SubmitEvent) => { e.preventDefault(); void this.search() } }, this.label, h('div', { class: 'field' }, this.input, this.button))
    this.box.append(this.form, this.results)
  }

  show(run: Schemas['Run'] | null, state: State, lands: Land[], breaks: number[]): void {
    const again = run !== this.run || state.language !== this.state.language
    this.run = run
    this.state = state
    this.lands = lands
    this.breaks = breaks
    const t = textsIn(state.language)
    this.label.textContent = t.searchLabel
    this.button.textContent = t.search
    if (again) this.searching = false
    if (this.searching) this.mark()
    else this.showView()
  }

  private mark(): void {
    for (const b of this.results.querySelectorAll('button[data-plot]')) b.setAttribute('aria-current', String(b.getAttribute('data-plot') === this.state.plot))
  }

  private row(plot: string, language: Language, colour: string | null, about: string): HTMLElement {
    return h('li', {}, h('button', { type: 'button', 'data-plot': plot, 'aria-current': String(plot === this.state.plot), lang: language === 'zh' ? 'zh-CN' : null, onclick: () => this.picker.pick(plot) },
      colour && h('i', { class: 'swatch', style: `background:${colour}` }), h('code', {}, plot), h('span', {}, about)))
  }

  private showView(): void {
    const { language, theme } = this.state
    const t = textsIn(language)
    const byPlot = new Map(gravestLast(this.lands).map((l) => [l.plot_id, l])) // of a plot's parcels the one with the gravest finding stands for it
    const all = holdings(this.lands.flatMap(({ plot_id, area_mu }) => (plot_id ? [{ plot_id, area_mu }] : [])))
    const far = this.lands.some((l) => !l.plot_id) // land that a far view shows as one
    const focused = document.activeElement?.getAttribute('data-plot')
    const rows = all.slice(0, most).map((p) => {
      const of = classOf(theme, byPlot.get(p.plot)!, this.breaks)
      return this.row(p.plot, language, of.colour, of[language])
    })
    this.results.replaceChildren(h('h2', {}, t.plotsInView + (far && all.length === 0 ? '' : ` (${all.length})`)),
      all.length > 0 ? h('ul', {}, rows) : h('p', { class: 'note' }, far ? t.comeCloser : t.noPlots),
      ...(all.length > most ? [h('p', { class: 'note' }, `${all.length - most} ${t.moreInView}`)] : []), ...(far && all.length > 0 ? [h('p', { class: 'note' }, t.comeCloser)] : []))
    if (focused) this.results.querySelector<HTMLElement>(`[data-plot="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
  }

  /** found shows results in place of what is in view, with a way back. */
  private found(...children: (Node | string)[]): void {
    const t = textsIn(this.state.language)
    this.searching = true
    const back = h('button', { type: 'button', class: 'link', onclick: () => { this.searching = false; this.input.value = ''; this.showView() } }, '← ' + t.clear)
    this.results.replaceChildren(h('div', { role: 'status' }, ...children), back)
  }

  private async search(): Promise<void> {
    const text = this.input.value.trim()
    const run = this.run
    if (!text || !run) return
    const { language } = this.state
    const t = textsIn(language)
    const asked = ++this.asked
    try {
      const got = await find(this.client, run, text)
      if (run !== this.run || asked !== this.asked) return
      if (!got) this.found(h('p', {}, t.notFound))
      else if ('plot' in got) {
        this.found(h('ul', {}, this.row(got.plot, language, null, '')))
        this.picker.pick(got.plot)
      } else if (got.people.length === 0) this.found(h('p', {}, t.nobody))
      else {
        const person = (p: Schemas['Person']) => h('li', {}, h('button', { type: 'button', onclick: () => void this.showLand(run, p) },
          h('b', {}, p.name ?? '–'), h('span', {}, [p.number, p.phone].filter(Boolean).join(' · '))))
        this.found(h('h2', {}, `${t.growersFound} (${got.people.length})`), h('ul', {}, got.people.map(person)))
      }
    } catch (e) {
      if (asked === this.asked) this.failed(e)
    }
  }

  private async showLand(run: Schemas['Run'], p: Schemas['Person']): Promise<void> {
    const { language } = this.state
    const t = textsIn(language)
    const asked = ++this.asked
    try {
      const land = await landOf(this.client, run, p.grower_id)
      if (run !== this.run || asked !== this.asked) return
      this.found(h('h2', {}, `${t.plotsOf} ${p.name ?? p.grower_id}`),
        land.length === 0 ? h('p', { class: 'note' }, t.noLand) : h('ul', {}, land.map((l) => this.row(l.plot, language, null, `${mu(l.mu, language)} · ${l.parcels} ${t.parcels}`))))
      if (land.length === 1) this.picker.pick(land[0]!.plot)
    } catch (e) {
      if (asked === this.asked) this.failed(e)
    }
  }

  private failed(e: unknown): void {
    const t = textsIn(this.state.language)
    const denied = e instanceof Problem && e.status === 403
    this.found(h('p', { class: 'wrong' }, denied ? t.searchDenied : `${t.failed}: ${e instanceof Error ? e.message : String(e)}`))
  }
}
