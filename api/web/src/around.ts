// What stands around a plot: its neighbours, and the same land earlier.

import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { mu, number, percent, yuan } from './numbers.ts'
import { sightTexts } from './sight.texts.ts'
import { sourced } from './source.ts'
import type { Language, State } from './state.ts'
import { cropWord, outcomeWord, textsIn } from './words.ts'

const crop = (code: string | undefined, language: Language): Child => (code ? [h('i', { class: 'swatch', style: `background:${cropWord(code).colour}` }), ' ', cropWord(code)[language]] : '–')
const value = (v: number | undefined | null, places = 0) => (v === undefined || v === null ? '–' : number(v, places))

/** against writes how much a value lies above or below another: "+5 %". */
export function against(v: number, median: number): string {
  const share = Math.round((v / median - 1) * 100)
  return (share > 0 ? '+' : share < 0 ? '−' : '±') + Math.abs(share) + ' %'
}

const shown = 12 // neighbours before the others are folded away

/** neighboursPart sets a plot beside those around it; own is its shown cycle. */
export function neighboursPart(n: Schemas['Neighbours'] | null, own: Schemas['Cycle'] | undefined, areaMu: number, language: Language, go: (to: Partial<State>) => void): HTMLElement {
  const t = sightTexts(language)
  const head = h('h3', {}, sourced(t.around, textsIn(language).source, t.srcAround))
  if (!n || n.items.length === 0) return h('section', {}, head, h('p', { class: 'note' }, t.noNeighbours))
  const columns = [t.plot, t.crop, t.grade, t.yieldP50, t.area]
  const row = (name: Child, c: string | undefined, grade: number | undefined, kg: number | undefined, area: number | null, kind = '') => h('tr', { class: kind || null },
    h('th', { scope: 'row' }, name), h('td', {}, crop(c, language)), h('td', { class: 'n' }, value(grade, grade !== undefined && grade % 1 ? 1 : 0)), h('td', { class: 'n' }, value(kg)), h('td', { class: 'n' }, area === null ? '' : mu(area, language)))
  const item = (p: Schemas['Seen']) => row(h('button', { type: 'button', class: 'link', onclick: () => go({ plot: p.plot_id }) }, h('code', {}, p.plot_id)), p.crop, p.growth_grade, p.yield_p50_kg_mu, p.area_mu)
  const table = (rows: Child) => h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.around }, h('table', {}, h('thead', {}, h('tr', {}, columns.map((c, i) => h('th', { scope: 'col', class: i > 1 ? 'n' : null }, c)))), h('tbody', {}, rows)))
  const kg = own?.assessable ? own.yield_p50_kg_mu : undefined
  return h('section', { class: 'neighbours' }, head,
    n.same_crop === 0 && h('p', { class: 'note' }, t.noSame),
    n.median_yield_kg_mu !== undefined && kg !== undefined && h('p', {}, h('b', {}, against(kg, n.median_yield_kg_mu)), ` ${t.againstMedian}`),
    table([
      row(h('b', {}, t.thisPlot), own?.assessable ? own.crop : undefined, own?.growth_grade, kg, areaMu, 'binding'),
      n.same_crop > 0 && row(`${t.medianOf} (${n.same_crop})`, own?.crop, n.median_growth_grade, n.median_yield_kg_mu, null, 'median'),
      n.items.slice(0, shown).map(item),
    ]),
    n.items.length > shown && h('details', {}, h('summary', {}, `+ ${n.items.length - shown}`), table(n.items.slice(shown).map(item))))
}

/** pastPart lists what was known of the land earlier. */
export function pastPart(past: Schemas['PastSeason'][], language: Language, go: (to: Partial<State>) => void): HTMLElement {
  const t = sightTexts(language)
  const head = h('h3', {}, sourced(t.past, textsIn(language).source, t.srcPast))
  if (past.length === 0) return h('section', {}, head, h('p', { class: 'note' }, t.noPast))
  const grew = (p: Schemas['PastSeason']): Child => (p.crops.length === 0 ? t.nothing
    : p.crops.map((c, i) => h('span', { class: 'line' }, crop(c, language), p.yields_kg_mu[i] ? ` · ${number(p.yields_kg_mu[i]!, 0)}` : '')))
  const row = (p: Schemas['PastSeason']) => h('tr', {},
    h('th', { scope: 'row' }, p.season, h('span', { class: 'line note' }, p.as_of ? `${t.asOf} ${p.as_of}` : t.told),
      p.run !== undefined && h('button', { type: 'button', class: 'link', onclick: () => go({ run: p.run!, plot: p.plot_id! }) }, t.openRun)),
    h('td', {}, grew(p)), h('td', { class: 'n' }, value(p.growth_grade)), h('td', { class: 'n' }, percent(p.share)),
    h('td', {}, p.outcome ? [outcomeWord(p.outcome)[language], p.limit_fen ? h('span', { class: 'line' }, yuan(p.limit_fen)) : null] : '–'))
  return h('section', { class: 'past' }, head, h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.past }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.season), h('th', { scope: 'col' }, `${t.crop} · ${t.yieldP50}`), h('th', { scope: 'col', class: 'n' }, t.grade), h('th', { scope: 'col', class: 'n' }, t.sameLand), h('th', { scope: 'col' }, t.decision))),
    h('tbody', {}, past.map(row)))))
}
