// The decision on a grower: outcome, limit, what binds it, why, what would raise it, and its trace.

import type { Schemas } from './client.ts'
import { h } from './dom.ts'
import { inUnits, mu, number, yuan } from './numbers.ts'
import { sightTexts } from './sight.texts.ts'
import { sourced, toRule } from './source.ts'
import type { Language } from './state.ts'
import { ruleOf, traceOf, type Constraint } from './trace.ts'
import { called, outcomeWord, textsIn } from './words.ts'

export function decisionPart(d: Schemas['Decision'], plot: string, language: Language): HTMLElement {
  const t = textsIn(language)
  const sight = sightTexts(language)
  const trace = traceOf(d.trace)
  const outcome = outcomeWord(d.outcome)
  const rule = (of: Parameters<typeof ruleOf>[1]) => toRule(ruleOf(trace.rules, of), t.srcRule)
  const line = (prefix: string) => toRule(trace.rules.findIndex((r) => r.startsWith(prefix)), t.srcRule)

  const numbers = (c: Constraint) => Object.entries(c.numbers ?? {}).map(([k, v]) => `${called('numbers', k, language)} ${inUnits(v, language)}`).join(' · ')
  const constraint = (c: Constraint) => {
    const binds = c.name === d.binding
    return h('tr', { class: binds ? 'binding' : c.applies ? null : 'off' },
      h('th', { scope: 'row' }, sourced(called('constraints', c.name, language), t.source, rule({ constraint: c.name }) ?? '–', numbers(c) && [h('br'), numbers(c)]), !c.applies && h('small', {}, ` (${t.notApplies})`)),
      [c.gross, c.used, c.net].map((v) => h('td', { class: 'n' }, c.applies ? yuan(v) : '–')))
  }
  return h('section', { class: 'decision' },
    h('h3', {}, t.decision),
    h('p', { class: 'verdict' },
      h('span', { class: 'pill', style: `--of:${outcome.colour}` }, outcome[language]),
      h('span', { class: 'amount' }, sourced(yuan(d.limit_fen), t.source, line('limit ') ?? h('code', {}, d.decision_id)))),
    h('dl', { class: 'facts' },
      h('div', {}, h('dt', {}, t.binding), h('dd', {}, sourced(called('constraints', d.binding, language) || '–', t.source, rule({ constraint: d.binding }) ?? '–'))),
      d.tenor_end && h('div', {}, h('dt', {}, t.until), h('dd', {}, sourced(d.tenor_end, t.source, rule({ plot }) ?? (t.srcRate + d.credit_policy)))),
      h('div', {}, h('dt', {}, t.rate), h('dd', {}, sourced(number(d.rate_bp / 100, 2) + ' %', t.source, t.srcRate, h('code', {}, d.credit_policy)))),
      h('div', {}, h('dt', {}, t.areaCounted), h('dd', {}, sourced(mu(d.area_mu, language), t.source, t.srcCounted, ' ', rule({ plot })))),
      h('div', {}, h('dt', {}, t.restsOn), h('dd', {}, called('rests', d.rests_on, language) || '–'))),
    h('h4', {}, t.reasons),
    h('ul', { class: 'reasons' }, trace.reasons.map((r) => h('li', {}, sourced(language === 'zh' ? r.zh : r.en, t.source, h('code', {}, r.code), ' ', rule({ reason: r.code }))))),
    h('h4', {}, t.raise),
    trace.raises.length === 0 ? h('p', { class: 'note' }, t.raiseNone)
      : h('ul', { class: 'reasons' }, trace.raises.map((r) => h('li', {}, language === 'zh' ? r.zh : r.en, ' ', sourced(`${t.more} ${yuan(r.by_fen)} ${t.to} ${yuan(r.limit_fen)}`, t.source, sight.srcRaise, ' ', h('code', {}, r.code))))),
    trace.constraints.length > 0 && [
      h('h4', {}, t.how),
      h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.how }, h('table', {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.binding), [t.gross, t.used, t.left].map((c) => h('th', { scope: 'col', class: 'n' }, c)))),
        h('tbody', {}, trace.constraints.map(constraint)))),
    ],
    trace.schedule.length > 0 && [
      h('h4', {}, sourced(t.schedule, t.source, sight.srcSchedule, h('code', {}, d.credit_policy))),
      h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.due), h('th', { scope: 'col', class: 'n' }, t.principal), h('th', { scope: 'col', class: 'n' }, t.interest))),
        h('tbody', {}, trace.schedule.map((p) => h('tr', {}, h('td', {}, p.due), h('td', { class: 'n' }, yuan(p.principal_fen)), h('td', { class: 'n' }, yuan(p.interest_fen)))))),
    ],
    h('details', { class: 'trace' }, h('summary', {}, t.trace),
      h('ol', {}, trace.rules.map((r, i) => h('li', { id: `rule-${i}`, tabindex: '-1' }, inUnits(r, language)))),
      h('dl', { class: 'facts' },
        h('div', {}, h('dt', {}, t.decisionID), h('dd', {}, h('code', {}, d.decision_id))),
        h('div', {}, h('dt', {}, t.creditPolicy), h('dd', {}, h('code', {}, d.credit_policy))),
        h('div', {}, h('dt', {}, t.models), h('dd', {}, d.models.map((m) => h('code', { class: 'line' }, m)))),
        d.evidence_sha256 && h('div', {}, h('dt', {}, t.evidence), h('dd', {}, h('code', {}, d.evidence_sha256))))))
}
