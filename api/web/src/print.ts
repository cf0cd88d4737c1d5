// The decision on a grower, for paper: what was decided, why, from what, by which versions, and room to sign.

import { drawSeason, stepsOf } from './chart.ts'
import type { Schemas } from './client.ts'
import { append, h, type Child } from './dom.ts'
import { inUnits, mu, number, yuan } from './numbers.ts'
import { drawOutline } from './outline.ts'
import type { PageContext } from './pages.ts'
import { personPart, unmasked } from './person.ts'
import { printTexts } from './print.texts.ts'
import { ask, ownCycle, type Known } from './sheet.ts'
import { sightTexts } from './sight.texts.ts'
import { severities } from './themes.ts'
import { traceOf } from './trace.ts'
import { areasTable } from './witness.ts'
import { called, cropWord, outcomeWord, textsIn } from './words.ts'

const most = { plots: 12, parcels: 60, findings: 5 } // on one sheet of paper

const gravestFirst = (findings: Schemas['Finding'][]) => [...findings].sort((a, b) => (severities as readonly string[]).indexOf(a.severity) - (severities as readonly string[]).indexOf(b.severity))

/** Printed is what the paper is written from. */
export interface Printed {
  known: Known
  decision: Schemas['Decision']
  plots: Schemas['Plot'][]
  shapes: unknown[] // of the plot's parcels, GeoJSON
}

/** gather asks for a decision and the land it is on. */
async function gather({ client, run }: PageContext, plot: string): Promise<Printed | null> {
  const known = await ask(client, run!, plot, true)
  const decision = known.decision
  if (typeof decision === 'string') return null
  const query = { run: run!.id }
  const [plots, shapes] = await Promise.all([
    Promise.all(decision.plots.slice(0, most.plots).map((id) => client.get('/v1/plots/{id}', { path: { id }, query }))),
    Promise.all(known.plot.parcels.slice(0, most.parcels).map((id) => client.get('/v1/parcels/{id}', { path: { id }, query }).then((p) => p.geometry))),
  ])
  return { known, decision, plots, shapes }
}

/** paper writes the sheet; name is the grower's where he was unmasked, now when it was printed. */
export function paper(p: Printed, name: string | null, me: Schemas['Me'], county: string, now: Date, language: 'en' | 'zh'): HTMLElement {
  const t = printTexts(language)
  const words = textsIn(language)
  const { known: { plot, run, series, findings, witnesses }, decision: d } = p
  const trace = traceOf(d.trace)
  const fact = (k: string, v: Child, wide = false) => h('div', { class: wide ? 'wide' : null }, h('dt', {}, k), h('dd', {}, v))
  const plotRow = (one: Schemas['Plot']) => {
    const c = ownCycle(one.cycles)
    return h('tr', {}, h('td', {}, h('code', {}, one.plot_id)), h('td', { class: 'n' }, mu(one.area_mu, language)), h('td', {}, c?.crop ? cropWord(c.crop)[language] : '–'),
      h('td', { class: 'n' }, c?.growth_grade ?? '–'), h('td', { class: 'n' }, c?.yield_p50_kg_mu === undefined ? '–' : inUnits(`${number(c.yield_p50_kg_mu, 0)} kg/mu`, language)))
  }
  const sign = (who: string) => h('div', { class: 'sign' }, h('p', {}, who), h('span', {}, t.signature), h('span', {}, t.date))
  const steps = series ? stepsOf(series) : []
  const day = (v: Date) => `${v.getFullYear()}-${String(v.getMonth() + 1).padStart(2, '0')}-${String(v.getDate()).padStart(2, '0')} ${v.toTimeString().slice(0, 5)}`
  const article = h('article', { class: 'a4', tabindex: '0', lang: language === 'zh' ? 'zh-CN' : 'en' })
  append(article, [
    h('header', {}, h('h1', {}, t.title), h('p', {}, h('b', {}, 'Parus'), ' 大山雀'), run.sample && h('p', { class: 'note' }, t.sample)),
    h('dl', { class: 'facts' }, fact(t.county, [`${county} (${d.county})`, p.known.villages.length > 0 && [' ', h('span', { lang: 'zh-CN' }, p.known.villages.join('、'))]]), fact(t.season, d.season), fact(t.asOf, d.as_of), fact(t.run, `${run.id}, ${t.published} ${run.published.slice(0, 10)}`),
      fact(t.grower, [name ? h('b', { class: 'named' }, name) : h('span', { class: 'note' }, t.nameMasked), ' ', h('code', {}, d.grower_id)], true), fact(t.decision, h('code', {}, d.decision_id), true)),
    h('section', { class: 'verdict' },
      h('p', { class: 'pill', style: `--of:${outcomeWord(d.outcome).colour}` }, outcomeWord(d.outcome)[language]),
      h('p', { class: 'amount' }, `${t.limit} ${yuan(d.limit_fen)}`),
      h('dl', { class: 'facts' }, fact(t.boundBy, called('constraints', d.binding, language) || '–'), fact(t.until, d.tenor_end ?? '–'), fact(t.rate, number(d.rate_bp / 100, 2) + ' %'), fact(t.area, mu(d.area_mu, language)))),
    h('div', { class: 'two' },
      h('section', {}, h('h2', {}, t.reasons), h('ul', {}, trace.reasons.map((r) => h('li', {}, language === 'zh' ? r.zh : r.en))),
        trace.raises.length > 0 && [h('h2', {}, t.raises), h('ul', {}, trace.raises.map((r) => h('li', {}, language === 'zh' ? r.zh : r.en, ` ${words.more} ${yuan(r.by_fen)} ${words.to} ${yuan(r.limit_fen)}`)))]),
      h('section', {}, h('h2', {}, words.how), h('table', {},
        h('thead', {}, h('tr', {}, h('th', {}, words.binding), [words.gross, words.used, words.left].map((c) => h('th', { class: 'n' }, c)))),
        h('tbody', {}, trace.constraints.filter((c) => c.applies).map((c) => h('tr', { class: c.name === d.binding ? 'binding' : null }, h('td', {}, called('constraints', c.name, language)), [c.gross, c.used, c.net].map((v) => h('td', { class: 'n' }, yuan(v))))))))),
    h('section', {}, h('h2', {}, `${t.plots} (${d.plots.length})`), h('table', {},
      h('thead', {}, h('tr', {}, h('th', {}, words.plot), h('th', { class: 'n' }, words.area), h('th', {}, t.crops), h('th', { class: 'n' }, t.grade), h('th', { class: 'n' }, t.yieldP50))), h('tbody', {}, p.plots.map(plotRow))),
      d.plots.length > p.plots.length && h('p', { class: 'note' }, `+ ${d.plots.length - p.plots.length} ${t.andMore}`)),
    h('div', { class: 'two pictures' },
      h('figure', {}, drawOutline(p.shapes, `${t.map} ${plot.plot_id}`, t.north), h('figcaption', {}, t.map, ' ', h('code', {}, plot.plot_id), `, ${mu(plot.area_mu, language)}`)),
      h('figure', {}, steps.length > 0 && drawSeason(steps, plot.cycles, d.as_of, `${t.curve} ${plot.plot_id}`), h('figcaption', {}, t.curve, ' ', h('code', {}, plot.plot_id), `: ${words.ndvi}, ${words.laiAxis}`))),
    h('section', {}, h('h2', {}, `${t.evidence}: ${called('rests', d.rests_on, language)}`), witnesses && witnesses.areas.length > 0 && areasTable(witnesses, language),
      h('h3', {}, t.findings), findings.length === 0 ? h('p', {}, t.noFindings)
        : h('ul', { class: 'small' }, gravestFirst(findings).slice(0, most.findings).map((f) => h('li', {}, `${called('severities', f.severity, language)}: ${language === 'zh' ? f.detail_zh : f.detail} `, h('code', {}, f.code)))),
      findings.length > most.findings && h('p', { class: 'note' }, `+ ${findings.length - most.findings} ${t.more}`)),
    h('section', { class: 'versions' }, h('h2', {}, t.versions), h('dl', { class: 'facts' }, fact(t.creditPolicy, h('code', {}, d.credit_policy), true), fact(t.models, h('code', {}, d.models.join(', ')), true),
      d.evidence_sha256 && fact(t.sha, h('code', {}, d.evidence_sha256), true), fact(t.printedBy, `${me.name || me.id} (${words.roles[me.role] ?? me.role}), ${t.at} ${day(now)}`, true)),
      h('p', { class: 'note' }, `${t.recount} ${d.decision_id}`)),
    h('section', { class: 'signs' }, [t.officer, t.approver, t.applicant].map(sign)),
    h('p', { class: 'rights' }, t.rights),
  ])
  return article
}

/** printPage shows the paper as it will be, with a button to print it. */
export async function printPage(context: PageContext): Promise<HTMLElement> {
  const { client, me, county, run, language, item, go } = context
  const t = printTexts(language)
  const back = h('button', { type: 'button', onclick: () => go({ page: undefined as never, plot: item as never }) }, `← ${t.back}`)
  const found = run && item ? await gather(context, item) : null
  if (!found) return h('div', { class: 'paper' }, h('h1', {}, t.title), h('p', { class: 'note' }, t.noDecision), back)
  const grower = found.decision.grower_id
  const room = h('div', {})
  const write = () => room.replaceChildren(paper(found, unmasked(county.code, grower)?.name ?? null, me, county.name, new Date(), language))
  write()
  return h('div', { class: 'printing' },
    h('div', { class: 'tools' }, back, h('button', { type: 'button', class: 'primary', onclick: () => { write(); print() } }, t.print), h('details', {}, h('summary', {}, sightTexts(language).person), personPart(client, me.role, county.code, grower, language, write))),
    room)
}
