// The sheet of a plot: what it is, what grew on it, what was found, what was decided.

import { drawSeason, stepsOf, type Step } from './chart.ts'
import { Problem, type Client, type Schemas } from './client.ts'
import { cyclesPart } from './cycles.ts'
import { decisionPart } from './decision.ts'
import { h } from './dom.ts'
import { findingsPart } from './findings.ts'
import { mu, number } from './numbers.ts'
import { sourced } from './source.ts'
import type { Language } from './state.ts'
import { textsIn } from './words.ts'

/** Known is all that the sheet of a plot is written from. */
export interface Known {
  plot: Schemas['Plot']
  series: Schemas['Series'] | null
  findings: Schemas['Finding'][]
  decision: Schemas['Decision'] | 'none' | 'denied'
  run: Schemas['Run']
}

const absent = (e: unknown) => {
  if (e instanceof Problem && e.status === 404) return null
  throw e
}

/** ask gathers what is known of a plot in a run. */
export async function ask(client: Client, run: Schemas['Run'], id: string, seesDecisions: boolean): Promise<Known> {
  const query = { run: run.id }
  const [plot, series] = await Promise.all([
    client.get('/v1/plots/{id}', { path: { id }, query }),
    client.get('/v1/plots/{id}/series', { path: { id }, query }).catch(absent),
  ])
  const known: Known = { plot, series, findings: [], decision: seesDecisions ? 'none' : 'denied', run }
  if (!plot.grower_id) return known
  const of = { county: run.county, run: run.id, grower_id: plot.grower_id }
  const [findings, decisions] = await Promise.all([
    client.get('/v1/findings', { query: { ...of, limit: 1000 } }),
    seesDecisions ? client.get('/v1/decisions', { query: of }) : null,
  ])
  known.findings = findings.items
  const first = decisions?.items[0]
  if (first) known.decision = await client.get('/v1/decisions/{id}', { path: { id: first.decision_id }, query })
  return known
}

const key = (kind: string, text: string) => h('span', {}, h('i', { class: 'key-' + kind }), text)

function seasonPart(k: Known, language: Language): HTMLElement {
  const t = textsIn(language)
  const steps = k.series ? stepsOf(k.series) : []
  const known = steps.filter((p) => p.ndvi !== null || p.lai !== null)
  if (known.length === 0) return h('section', {}, h('h3', {}, t.curves), h('p', { class: 'note' }, t.noSeries))
  const cell = (v: number | null, places: number) => h('td', { class: 'n' }, v === null ? '–' : number(v, places))
  const row = (p: Step) => h('tr', {}, h('td', {}, p.date), cell(p.ndvi, 2), cell(p.lai, 1), h('td', {}, p.seen ? t.yes : t.no))
  return h('section', {}, h('h3', {}, t.curves),
    drawSeason(steps, k.plot.cycles, k.run.as_of, `${t.curves}: NDVI, LAI`),
    h('div', { class: 'key' }, key('ndvi', t.ndvi), key('lai', t.laiAxis), key('dot', t.seen), key('faint', t.filled), key('cycle', t.cycleKey), key('harvest', t.harvestKey), key('asof', t.asOfKey)),
    h('details', {}, h('summary', {}, t.curveTable),
      h('table', {}, h('thead', {}, h('tr', {}, [t.day, 'NDVI', 'LAI', t.observed].map((c) => h('th', { scope: 'col' }, c)))), h('tbody', {}, known.map(row)))))
}

/** sheet writes the page of a plot. */
export function sheet(k: Known, language: Language, close: () => void): HTMLElement {
  const t = textsIn(language)
  const { plot, decision } = k
  const growth = typeof decision === 'object' ? decision.models.filter((m) => /^(lai|fapar|fcover)@/.test(m)).join(', ') : 'LAI, FAPAR'
  return h('div', { class: 'sheet' },
    h('header', {},
      h('h2', { tabindex: '-1' }, t.plot + ' ', h('code', {}, plot.plot_id)),
      h('button', { type: 'button', class: 'close', 'aria-label': t.close, title: t.close, onclick: close }, '×')),
    h('p', { class: 'lead' }, h('b', {}, sourced(mu(plot.area_mu, language), t.source, t.srcArea, h('code', {}, plot.parcels.join(', ')))),
      ` · ${plot.parcels.length} ${t.parcels}`, plot.grower_id && [` · ${t.grower} `, h('code', {}, plot.grower_id)]),
    typeof decision === 'object' ? decisionPart(decision, plot.plot_id, language) : h('section', {}, h('h3', {}, t.decision), h('p', { class: 'note' }, decision === 'denied' ? t.notYourRole : t.noDecision)),
    cyclesPart(plot.cycles, growth, language),
    seasonPart(k, language),
    findingsPart(k.findings, plot, language),
    h('details', {}, h('summary', {}, `${t.parcelCodes} (${plot.parcels.length})`), h('ul', { class: 'codes' }, plot.parcels.map((p) => h('li', {}, h('code', {}, p))))))
}
