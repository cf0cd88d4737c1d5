// The panel of the imagery: which layer, which day, which second day, how strong the land's colours lie over it.

import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { number, percent } from './numbers.ts'
import { sightTexts, type SightTexts } from './sight.texts.ts'
import type { Language, State } from './state.ts'

type Imagery = Schemas['Imagery']
type Day = Imagery['days'][number]
type Layer = Schemas['Layer']

/** Looking is what of the state the panel sets. */
export type Looking = Pick<State, 'layer' | 'date' | 'swipe' | 'fill'>

export const under = 25 // percent: the land's colours over a picture, where nothing else was chosen

/** daysOf are the days that a layer can be drawn of. */
export const daysOf = (i: Imagery, layer: string): Day[] => i.days.filter((d) => d.layers.includes(layer))

/** nearest is the day of a list that was meant: that day, else the last before it, else the first. */
export function nearest(days: Day[], date: string | undefined): Day | undefined {
  if (!date) return clearest(days)
  return days.findLast((d) => d.date <= date) ?? days[0]
}

/** clearest is the last of the clearest days. */
export const clearest = <D extends { clear: number }>(days: D[]): D | undefined => days.reduce<D | undefined>((best, d) => (!best || d.clear >= best.clear ? d : best), undefined)

/** between is the clearest day from one day up to, and without, another. */
export const between = <D extends { date: string; clear: number }>(days: D[], from: string, to: string): D | undefined => clearest(days.filter((d) => d.date >= from && d.date < to))

/** ramp draws the legend of a layer. */
export function ramp(layer: Layer, language: Language): HTMLElement {
  const t = sightTexts(language)
  const masked = h('span', { class: 'masked' }, h('i', { class: 'hatch', style: `--masked:${layer.masked}` }), t.masked)
  if (layer.classes) return h('div', { class: 'ramp' }, h('ul', {}, layer.classes.map((c) => h('li', {}, h('i', { class: 'swatch', style: `background:${c.color}` }), t.classes[c.value] ?? c.label))), masked)
  if (!layer.stops) return h('div', { class: 'ramp' }, masked)
  const stops = layer.stops.map((s) => `${s.color} ${((s.value - layer.lo) / (layer.hi - layer.lo)) * 100}%`).join(',')
  const marks = [layer.lo, (layer.lo + layer.hi) / 2, layer.hi].map((v, i) => h('span', {}, (i === 0 ? '≤ ' : i === 2 ? '≥ ' : '') + number(v, layer.hi > 2 ? 0 : 1) + (i === 2 && layer.unit ? ' ' + layer.unit : '')))
  return h('div', { class: 'ramp' }, h('div', { class: 'bar-of', style: `background:linear-gradient(to right,${stops})` }), h('div', { class: 'marks' }, marks), h('p', { class: 'of' }, [layer.formula, layer.source].filter(Boolean).join(' · ')), masked)
}

/** ImageryPanel stands on the map. */
export class ImageryPanel {
  readonly box = h('section', { class: 'imagery' })
  private readonly problem = h('p', { class: 'wrong', role: 'status', hidden: true })
  private made = ''

  constructor(private readonly changed: (to: Partial<Looking>) => void) {}

  /** refuse says whether pictures are refused. */
  refuse(refused: boolean, language: Language): void {
    this.problem.hidden = !refused
    this.problem.textContent = refused ? sightTexts(language).unreachable : ''
  }

  show(imagery: Imagery | null, state: State): void {
    const t = sightTexts(state.language)
    const shown = imagery !== null && state.layer !== undefined
    const days = shown ? daysOf(imagery, state.layer!) : []
    const of = JSON.stringify([imagery?.run, state.language, state.layer, state.swipe !== undefined])
    if (of !== this.made) {
      this.made = of
      this.make(imagery, state, t, days)
    }
    this.box.setAttribute('aria-label', t.imagery)
    if (!shown) return
    this.point('day', days, nearest(days, state.date), t)
    if (state.swipe !== undefined) this.point('after', days, nearest(days, state.swipe), t)
    const fill = this.box.querySelector<HTMLInputElement>('#fill')!
    fill.value = String(state.fill ?? under)
    fill.setAttribute('aria-valuetext', percent(Number(fill.value) / 100))
  }

  /** point puts a slider on its day. */
  private point(id: string, days: Day[], day: Day | undefined, t: SightTexts): void {
    const slider = this.box.querySelector<HTMLInputElement>('#' + id)
    if (!slider || !day) return
    const text = `${day.date} · ${percent(day.clear)} ${t.clear}`
    slider.value = String(days.indexOf(day))
    slider.setAttribute('aria-valuetext', text)
    this.box.querySelector(`output[for=${id}]`)!.textContent = `${day.date} · ${percent(day.clear)} ${t.clear}`
  }

  private make(imagery: Imagery | null, state: State, t: SightTexts, days: Day[]): void {
    const layers = imagery?.layers.filter((l) => daysOf(imagery, l.name).length > 0) ?? []
    const layer = layers.find((l) => l.name === state.layer)
    const focused = document.activeElement?.id
    const select = h('select', { id: 'layer', onchange: (e: Event) => this.changed({ layer: ((e.target as HTMLSelectElement).value || undefined) as never }) },
      h('option', { value: '' }, t.noImagery), layers.map((l) => h('option', { value: l.name, selected: l.name === state.layer }, t.layers[l.name] ?? l.title)))
    const slider = (id: string, label: string, chosen: (date: string) => void): Child => h('div', { class: 'days' },
      h('p', {}, h('label', { for: id }, label), h('output', { for: id })),
      h('div', { class: 'shares', 'aria-hidden': 'true' }, days.map((d) => h('i', { style: `height:${Math.round(4 + d.clear * 96)}%` }))),
      h('input', { type: 'range', id, min: 0, max: Math.max(0, days.length - 1), step: 1, oninput: (e: Event) => { const d = days[Number((e.target as HTMLInputElement).value)]; if (d) chosen(d.date) } }))
    this.box.replaceChildren()
    this.box.append(h('div', { class: 'by' }, h('label', { for: 'layer' }, t.imagery), select))
    if (imagery && layers.length === 0) this.box.append(h('p', { class: 'note' }, t.noDays))
    if (layer) {
      const more = h('details', { open: true }, h('summary', {}, t.settings), h('div', { class: 'controls' },
        slider('day', state.swipe === undefined ? t.day : t.before, (date) => this.changed({ date })),
        state.swipe !== undefined && slider('after', t.after, (swipe) => this.changed({ swipe })),
        h('div', { class: 'over' }, h('label', { for: 'fill' }, t.fill), h('input', { type: 'range', id: 'fill', min: 0, max: 100, step: 5, oninput: (e: Event) => this.changed({ fill: Number((e.target as HTMLInputElement).value) }) }),
          h('label', { class: 'compare' }, h('input', {
          type: 'checkbox', id: 'compare', checked: state.swipe !== undefined,
          onchange: (e: Event) => this.changed({ swipe: ((e.target as HTMLInputElement).checked ? days.at(-1)?.date : undefined) as never }),
        }), t.compare))), ramp(layer, state.language))
      this.box.append(more, this.problem)
    }
    if (focused) this.box.querySelector<HTMLElement>('#' + CSS.escape(focused))?.focus()
  }
}
