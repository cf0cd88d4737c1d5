// The county in numbers that name nobody: land, crops, decisions and what is lent.

import './office.css'
import { bars, fact, keyOf, restOf, table, type Bar } from './bars.ts'
import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { dashboardTexts } from './dashboard.texts.ts'
import { mu, number, percent, yuan } from './numbers.ts'
import type { PageContext } from './pages.ts'
import { namesOf, place, placeName, type Names } from './places.ts'
import type { Language } from './state.ts'
import { called, checkOf, cropWord, outcomeWord, words, type Word } from './words.ts'

type Statistics = Schemas['Statistics']
type Crop = Schemas['CropSum']

const muOf = (m2: number) => (m2 * 3) / 2000
const green = '#2c6e55'
const grey = '#b9b5a8'

function cropName(code: string, language: Language): string {
  return code === 'none' ? dashboardTexts[language].none : cropWord(code)[language]
}

const cropColour = (code: string) => (code === 'none' ? words.none.blind.colour : cropWord(code).colour)

function chart(title: string, rows: Bar[], headings: string[], cells: Child[][], language: Language): HTMLElement {
  return h('figure', { style: 'margin:0' }, bars(rows, `${title}: ${rows.map((r) => `${r.name} ${r.said}`).join('; ')}`),
    h('details', {}, h('summary', {}, dashboardTexts[language].asTable), table(title, headings, cells)))
}

function growersPart(st: Statistics, language: Language): HTMLElement {
  const t = dashboardTexts[language]
  const rows: [string, number | undefined][] = [[t.farming, st.growers_farming], [t.judged, st.growers_judged], [t.admitted, st.growers_admitted], [t.drawn, st.portfolio?.growers_drawn]]
  return h('section', {}, h('h2', {}, t.growersChart), chart(t.growersChart,
    rows.map(([name, v]) => ({ name, parts: [{ value: v ?? 0, colour: green }], said: v === undefined ? t.few : number(v, 0) })),
    ['', t.growers], rows.map(([name, v]) => [name, v === undefined ? t.few : number(v, 0)]), language))
}

function cropsPart(st: Statistics, language: Language): HTMLElement {
  const t = dashboardTexts[language]
  const parts = st.crops
  const rest = restOf(parts.map((c) => c.area_m2), st.area_m2)
  const rows: Bar[] = parts.map((c) => ({ name: cropName(c.crop, language), parts: [{ value: c.area_m2, colour: cropColour(c.crop) }], said: mu(muOf(c.area_m2), language) }))
  if (rest > 0) rows.push({ name: t.rest, parts: [{ value: rest, colour: grey }], said: mu(muOf(rest), language) })
  const known = (v: number | undefined, places: number) => (v === undefined ? '–' : number(v, places))
  return h('section', {}, h('h2', {}, t.crops), bars(rows, `${t.crops}: ${rows.map((r) => `${r.name} ${r.said}`).join('; ')}`),
    table(t.crops, [t.crop, t.growers, t.plots, t.areaMu, t.yieldMu, t.yieldKg, t.ripe, t.harvest, t.done], [
      ...parts.map((c) => [h('span', {}, h('i', { class: 'swatch', style: `background:${cropColour(c.crop)}` }), ' ', cropName(c.crop, language)), number(c.growers, 0), number(c.plots, 0), number(muOf(c.area_m2), 2), known(c.yield_kg_mu, 1), known(c.yield_kg, 0),
        c.maturity === undefined ? '–' : percent(c.maturity), c.harvest_p50 ?? '–', c.harvested_m2 === undefined ? '–' : number(muOf(c.harvested_m2), 2)] as Child[]),
      ...(rest > 0 ? [[t.rest, '–', '–', number(muOf(rest), 2), '–', '–', '–', '–', '–']] : []),
    ]))
}

function gradesPart(st: Statistics, language: Language): HTMLElement | null {
  const t = dashboardTexts[language]
  const known = st.crops.filter((c) => c.grades.some((g) => g.grade > 0))
  if (known.length === 0) return null
  const grades: Word[] = [...(words.grades as Word[]), { code: '0', en: t.ungraded, zh: t.ungraded, colour: words.none.grade.colour }, { code: 'rest', en: t.rest, zh: t.rest, colour: grey }]
  const area = (c: Crop, code: string) => (code === 'rest' ? restOf(c.grades.map((g) => g.area_m2), c.area_m2) : c.grades.find((g) => String(g.grade) === code)?.area_m2 ?? 0)
  const told = (c: Crop, code: string) => (area(c, code) > 0 ? number(muOf(area(c, code)), 2) : '–')
  return h('section', {}, h('h2', {}, t.grades), h('p', { class: 'note' }, t.gradeNote),
    bars(known.map((c) => ({ name: cropName(c.crop, language), parts: grades.map((g) => ({ value: area(c, g.code!), colour: g.colour })), said: mu(muOf(c.area_m2), language) })), t.grades),
    keyOf(grades.map((g) => ({ name: g[language], colour: g.colour }))),
    h('details', {}, h('summary', {}, t.asTable), table(t.grades, [t.crop, ...grades.map((g) => g[language])], known.map((c) => [cropName(c.crop, language), ...grades.map((g) => told(c, g.code!))]))))
}

function decisionsPart(st: Statistics, language: Language): HTMLElement {
  const t = dashboardTexts[language]
  const all = Object.entries(st.outcomes).sort((a, b) => b[1] - a[1])
  const rest = restOf(all.map((o) => o[1]), st.growers_judged)
  const rows: Bar[] = all.map(([code, n]) => ({ name: outcomeWord(code)[language], parts: [{ value: n, colour: outcomeWord(code).colour }], said: number(n, 0) }))
  if (rest > 0) rows.push({ name: t.rest, parts: [{ value: rest, colour: grey }], said: number(rest, 0) })
  const reasons = Object.entries(st.reasons).sort((a, b) => b[1] - a[1]).slice(0, 12)
  const findings = Object.entries(st.findings).sort((a, b) => b[1] - a[1])
  return h('section', {}, h('h2', {}, t.outcomes),
    chart(t.outcomes, rows, [t.outcome, t.growers], rows.map((r) => [r.name, r.said]), language),
    reasons.length > 0 && table(t.reasons, [t.reason, t.growers], reasons.map(([code, n]) => [called('reasons', code, language), number(n, 0)])),
    findings.length > 0 && table(t.findings, [t.finding, t.count], findings.map(([code, n]) => [checkOf(code, language)?.what ?? h('code', {}, code), number(n, 0)])))
}

function portfolioPart(st: Statistics, language: Language): HTMLElement {
  const t = dashboardTexts[language]
  const p = st.portfolio
  if (!p) return h('section', {}, h('h2', {}, t.portfolio), h('p', { class: 'note' }, t.portfolioNone))
  const told = (v: number | undefined, write: (v: number) => string) => (v === undefined ? t.few : write(v))
  const rows: [string, number | undefined, string][] = [[t.limitSum, p.limit_fen, green], [t.outstanding, p.outstanding_fen, '#b07a1c'], [t.interest, p.interest_fen, '#c9a35c'], [t.overdue, p.overdue_fen, '#a23f37']]
  return h('section', {}, h('h2', {}, t.portfolio),
    h('dl', { class: 'facts' }, fact(t.growers, number(p.growers, 0)), fact(t.limits, number(p.limits, 0)), fact(t.growersDrawn, told(p.growers_drawn, (v) => number(v, 0))), fact(t.drawnSum, told(p.drawn_fen, yuan)), fact(t.repaid, told(p.repaid_fen, yuan)), fact(t.interestPaid, told(p.interest_paid_fen, yuan)), fact(t.growersOverdue, told(p.growers_overdue, (v) => number(v, 0)))),
    chart(t.money, rows.map(([name, v, colour]) => ({ name, parts: [{ value: v ?? 0, colour }], said: told(v, yuan) })), ['', t.money], rows.map(([name, v]) => [name, told(v, yuan)]), language))
}

function placesPart(st: Statistics, names: Names, language: Language): HTMLElement {
  const t = dashboardTexts[language]
  if (st.places.length === 0) return h('section', {}, h('h2', {}, t.places), h('p', { class: 'note' }, t.placesNone))
  return h('section', {}, h('h2', {}, t.places),
    table(t.places, [t.place, t.level, t.growers, t.plots, t.areaMu, t.largest], st.places.map((p) => [place(names, p.code), p.code.length === 9 ? t.town : t.village, number(p.growers, 0), number(p.plots, 0), number(muOf(p.area_m2), 2), p.crops[0] ? cropName(p.crops[0].crop, language) : '–']), 2),
    st.places.filter((p) => p.crops.length > 0).map((p) => h('details', {}, h('summary', {}, `${p.code.length === 9 ? t.town : t.village} ${placeName(names, p.code) || p.code}`),
      table(`${t.crops}, ${placeName(names, p.code) || p.code}`, [t.crop, t.growers, t.areaMu, t.yieldMu, t.yieldKg, ...['5', '4', '3', '2', '1'].map((g) => (words.grades as Word[]).find((w) => w.code === g)![language])], p.crops.map((c) => [cropName(c.crop, language), number(c.growers, 0), number(muOf(c.area_m2), 2), c.yield_kg_mu === undefined ? '–' : number(c.yield_kg_mu, 1), c.yield_kg === undefined ? '–' : number(c.yield_kg, 0),
        ...[5, 4, 3, 2, 1].map((g) => { const a = c.grades.find((x) => x.grade === g); return a ? number(muOf(a.area_m2), 2) : '–' })])))))
}

/** dashboardPage writes the page of a county and run. */
export async function dashboardPage({ client, county, run, language }: PageContext): Promise<HTMLElement> {
  const t = dashboardTexts[language]
  if (!run) return h('div', { class: 'paper' }, h('h1', {}, t.titleOf(county.name)), h('p', { class: 'note' }, t.noRun))
  const [st, names] = await Promise.all([client.get('/v1/statistics', { query: { county: county.code, run: run.id } }), namesOf(client, run.county, run.id)])
  const share = (n: number | undefined) => (n === undefined || st.growers_judged === 0 ? null : `${percent(n / st.growers_judged)} ${t.ofJudged}`)
  const told = (n: number | undefined) => (n === undefined ? '–' : number(n, 0))
  return h('div', { class: 'paper' }, h('h1', {}, t.titleOf(county.name)),
    h('p', { class: 'lead' }, t.of(run.season, run.as_of), ' ', t.note(st.least_growers)),
    h('dl', { class: 'facts' },
      fact(t.parcels, number(st.parcels, 0)), fact(t.area, mu(muOf(st.area_m2), language)), fact(t.farming, number(st.growers_farming, 0)), fact(t.judged, number(st.growers_judged, 0)),
      fact(t.admitted, told(st.growers_admitted), share(st.growers_admitted)), fact(t.limit, st.limit_fen === undefined ? '–' : yuan(st.limit_fen)), fact(t.drawn, told(st.portfolio?.growers_drawn)), fact(t.firstTime, told(st.growers_first_time), share(st.growers_first_time))),
    growersPart(st, language), cropsPart(st, language), gradesPart(st, language), decisionsPart(st, language), portfolioPart(st, language), placesPart(st, names, language))
}
