// The sheet of a plot: what it is, what grew on it, what was found, what was decided.

import { neighboursPart, pastPart } from './around.ts'
import { applyPart } from './applypart.ts'
import { drawSeason, stepsOf, type Step } from './chart.ts'
import { Problem, type Client, type Schemas } from './client.ts'
import { cyclesPart } from './cycles.ts'
import { decisionPart } from './decision.ts'
import { h, s, type Child } from './dom.ts'
import { findingsPart } from './findings.ts'
import { between } from './imagery.ts'
import { mu, number } from './numbers.ts'
import { personPart } from './person.ts'
import { namesOf, placesOf } from './places.ts'
import { sightTexts } from './sight.texts.ts'
import { sourced, toDay, type Leads } from './source.ts'
import type { Language, State } from './state.ts'
import { witnessPart } from './witness.ts'
import { textsIn } from './words.ts'

/** Known is all that the sheet of a plot is written from. */
export interface Known {
  plot: Schemas['Plot']
  villages: string[] // in which it lies, where they have names
  series: Schemas['Series'] | null
  findings: Schemas['Finding'][]
  decision: Schemas['Decision'] | 'none' | 'denied'
  run: Schemas['Run']
  neighbours: Schemas['Neighbours'] | null
  past: Schemas['PastSeason'][]
  witnesses: Schemas['Witnesses'] | null
}

/** Around is what a sheet can do and show beside what is known of its plot. */
export interface Around extends Leads {
  client: Client
  role: string
  close(): void
  go(to: Partial<State>): void
}

const absent = (e: unknown) => {
  if (e instanceof Problem && e.status === 404) return null
  throw e
}

/** ask gathers what is known of a plot in a run. */
export async function ask(client: Client, run: Schemas['Run'], id: string, seesDecisions: boolean): Promise<Known> {
  const query = { run: run.id }
  const [plot, series, neighbours, past, witnesses, names] = await Promise.all([
    client.get('/v1/plots/{id}', { path: { id }, query }),
    client.get('/v1/plots/{id}/series', { path: { id }, query }).catch(absent),
    client.get('/v1/plots/{id}/neighbours', { path: { id }, query }).catch(absent),
    client.get('/v1/plots/{id}/past', { path: { id }, query }).catch(absent),
    client.get('/v1/plots/{id}/witnesses', { path: { id }, query }).catch(absent),
    namesOf(client, run.county, run.id),
  ])
  const known: Known = { plot, villages: placesOf(names, plot.parcels), series, findings: [], decision: seesDecisions ? 'none' : 'denied', run, neighbours, past: past ?? [], witnesses }
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

function seasonPart(k: Known, language: Language, { days, look }: Around): HTMLElement {
  const t = textsIn(language)
  const sight = sightTexts(language)
  const steps = k.series ? stepsOf(k.series) : []
  const known = steps.filter((p) => p.ndvi !== null || p.lai !== null)
  if (known.length === 0) return h('section', {}, h('h3', {}, t.curves), h('p', { class: 'note' }, t.noSeries))
  const cell = (v: number | null, places: number) => h('td', { class: 'n' }, v === null ? '–' : number(v, places))
  const after = new Map(steps.map((p, i) => [p.date, steps[i + 1]?.date ?? '9999']))
  const dayIn = (from: string) => between(days, from, after.get(from) ?? from)?.date
  const dayOf = (p: Step): Child => {
    const day = p.seen ? dayIn(p.date) : undefined
    return day ? toDay(p.date, () => look(day), `${sight.look} ${day}`) : p.date
  }
  const picture = drawSeason(steps, k.plot.cycles, k.run.as_of, `${t.curves}: NDVI, LAI`)
  for (const dot of picture.querySelectorAll<SVGElement>('[data-date]')) {
    const day = dayIn(dot.dataset.date!)
    if (!day) continue
    dot.classList.add('leads')
    dot.append(s('title', {}, `${sight.look} ${day}`))
    dot.addEventListener('click', () => look(day))
  }
  const row = (p: Step) => h('tr', {}, h('td', {}, dayOf(p)), cell(p.ndvi, 2), cell(p.lai, 1), h('td', {}, p.seen ? t.yes : t.no))
  return h('section', {}, h('h3', {}, t.curves),
    picture,
    h('div', { class: 'key' }, key('ndvi', t.ndvi), key('lai', t.laiAxis), key('dot', t.seen), key('faint', t.filled), key('cycle', t.cycleKey), key('harvest', t.harvestKey), key('asof', t.asOfKey)),
    h('details', {}, h('summary', {}, t.curveTable),
      h('table', {}, h('thead', {}, h('tr', {}, [t.day, 'NDVI', 'LAI', t.observed].map((c) => h('th', { scope: 'col' }, c)))), h('tbody', {}, known.map(row)))))
}

/** ownCycle is the cycle that the map shows of a plot: the current one, else the latest that can be assessed. */
export function ownCycle(cycles: Schemas['Cycle'][]): Schemas['Cycle'] | undefined {
  const some = cycles.filter((c) => c.assessable && c.crop)
  return some.find((c) => c.current) ?? some.reduce<Schemas['Cycle'] | undefined>((last, c) => (!last || c.cycle > last.cycle ? c : last), undefined)
}

/** seenDays are the days whose imagery stands behind the points of a plot's curve. */
function seenDays({ series }: Known, { days }: Around): string[] {
  const steps = series ? stepsOf(series) : []
  return steps.flatMap((p, i) => (p.seen ? (between(days, p.date, steps[i + 1]?.date ?? '9999')?.date ?? []) : []))
}

/** sheet writes the page of a plot. */
export function sheet(k: Known, language: Language, around: Around): HTMLElement {
  const t = textsIn(language)
  const { plot, decision } = k
  const growth = typeof decision === 'object' ? decision.models.filter((m) => /^(lai|fapar|fcover)@/.test(m)).join(', ') : 'LAI, FAPAR'
  return h('div', { class: 'sheet' },
    h('header', {},
      h('h2', { tabindex: '-1' }, t.plot + ' ', h('code', {}, plot.plot_id)),
      typeof decision === 'object' && h('button', { type: 'button', class: 'print', onclick: () => around.go({ page: 'print', item: plot.plot_id }) }, sightTexts(language).print),
      h('button', { type: 'button', class: 'close', 'aria-label': t.close, title: t.close, onclick: () => around.close() }, '×')),
    h('p', { class: 'lead' }, h('b', {}, sourced(mu(plot.area_mu, language), t.source, t.srcArea, h('code', {}, plot.parcels.join(', ')))),
      k.villages.length > 0 && [' · ', h('span', { lang: 'zh-CN' }, k.villages.join('、'))], ` · ${plot.parcels.length} ${t.parcels}`, plot.grower_id && [` · ${t.grower} `, h('code', {}, plot.grower_id)]),
    typeof decision === 'object' ? decisionPart(decision, plot.plot_id, language) : h('section', {}, h('h3', {}, t.decision), h('p', { class: 'note' }, decision === 'denied' ? t.notYourRole : t.noDecision)),
    plot.grower_id && personPart(around.client, around.role, k.run.county, plot.grower_id, language),
    decision !== 'denied' && applyPart(around.client, around.role, k, language, around.go),
    cyclesPart(plot.cycles, growth, seenDays(k, around), around, language),
    seasonPart(k, language, around),
    neighboursPart(k.neighbours, ownCycle(plot.cycles), plot.area_mu, language, around.go),
    witnessPart(k.witnesses, plot.grower_id, language),
    pastPart(k.past, language, around.go),
    findingsPart(k.findings, plot, k.run, around.client, language),
    h('details', {}, h('summary', {}, `${t.parcelCodes} (${plot.parcels.length})`), h('ul', { class: 'codes' }, plot.parcels.map((p) => h('li', {}, h('code', {}, p))))))
}
