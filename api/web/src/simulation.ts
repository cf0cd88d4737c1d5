// What a changed credit policy would do, as the service simulated it.

import { bars, fact, table } from './bars.ts'
import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { number, yuan } from './numbers.ts'
import { place, type Names } from './places.ts'
import { policyTexts } from './policy.texts.ts'
import type { Language } from './state.ts'
import { called, outcomeWord, words } from './words.ts'

export function changesTable(changes: Schemas['CreditPolicyChange'][], language: Language): HTMLElement {
  const t = policyTexts[language]
  if (changes.length === 0) return h('p', { class: 'note' }, t.noChanges)
  return table(t.changes, [t.path, t.was, t.will, t.line], changes.map((c) => [h('code', {}, c.path), c.old || t.notThere, c.new || t.notThere, c.new_line || c.old_line]), 3)
}

/** simulationPart writes the result of a simulation. */
export function simulationPart(r: Schemas['Simulation'], names: Names, language: Language): HTMLElement {
  const t = policyTexts[language]
  const g = r.total
  const outcomes = (words.outcomes as { code: string }[]).map((o) => o.code)
  const seen = outcomes.filter((o) => r.outcomes[o] || Object.values(r.outcomes).some((to) => to[o]))
  const groups = (title: string, list: Schemas['SimulatedGroup'][]) => h('details', {}, h('summary', {}, title),
    table(title, [t.group, t.decisions, t.changed, t.admittedNow, t.admittedThen, t.moneyNow, t.moneyThen, t.moved], list.map((x) => [t.groups[x.group] ?? place(names, x.group), number(x.decisions, 0), number(x.changed, 0), number(x.admitted_from, 0), number(x.admitted_to, 0), yuan(x.fen_from), yuan(x.fen_to), yuan(x.fen_moved)] as Child[])))
  return h('section', { class: 'simulated' }, h('h2', { tabindex: '-1' }, t.result),
    h('dl', { class: 'facts' }, fact(t.decisions, number(g.decisions, 0)), fact(t.changed, number(g.changed, 0)), fact(t.admittedNow, number(g.admitted_from, 0)), fact(t.admittedThen, number(g.admitted_to, 0)), fact(t.moneyNow, yuan(g.fen_from)), fact(t.moneyThen, yuan(g.fen_to)), fact(t.moved, yuan(g.fen_moved))),
    bars([{ name: t.moneyNow, parts: [{ value: g.fen_from, colour: '#b9b5a8' }], said: yuan(g.fen_from) }, { name: t.moneyThen, parts: [{ value: g.fen_to, colour: '#2c6e55' }], said: yuan(g.fen_to) }], `${t.moneyNow} ${yuan(g.fen_from)}; ${t.moneyThen} ${yuan(g.fen_to)}`),
    changesTable(r.changes, language),
    table(t.matrix, ['', ...seen.map((o) => outcomeWord(o)[language])], seen.map((from) => [outcomeWord(from)[language], ...seen.map((to) => number(r.outcomes[from]?.[to] ?? 0, 0))])),
    groups(t.byKind, r.by_kind), groups(t.byLoan, r.by_first_time), groups(t.byArea, r.by_area), groups(t.byVillage, r.by_village),
    h('h3', {}, `${t.moves} (${r.moves.length + r.moves_left_out})`),
    r.moves.length === 0 ? h('p', { class: 'note' }, t.noMoves)
      : table(t.moves, [t.grower, t.from, t.to, t.binding, t.reasons, t.moneyNow, t.moneyThen], r.moves.map((m) => [h('code', {}, m.grower_id), outcomeWord(m.from)[language], outcomeWord(m.to)[language], called('constraints', m.binding, language), h('ul', {}, m.reasons.map((r) => h('li', {}, called('reasons', r, language)))), yuan(m.limit_from_fen), yuan(m.limit_to_fen)]), 5),
    r.moves_left_out > 0 && h('p', { class: 'note' }, t.left(r.moves_left_out)))
}
