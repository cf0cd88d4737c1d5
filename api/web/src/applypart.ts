// In a plot's sheet: applications of who farms it, and applying for him.

import type { Client } from './client.ts'
import { h } from './dom.ts'
import { yuan } from './numbers.ts'
import type { Known } from './sheet.ts'
import type { Language, State } from './state.ts'
import { traceOf } from './trace.ts'
import { choice, fenOf, field, form, money, problemText, prose } from './workform.ts'
import { workTexts } from './work.texts.ts'

/** productOf is the product that a decision was sized as; the first line of its trace that says it. */
export function productOf(rules: string[]): string {
  return rules.map((r) => /^rule product: ok \(([a-z0-9_]+)\)/.exec(r)?.[1]).find(Boolean) ?? 'season'
}

/** applyPart shows how far applications are; an officer may apply. It fills itself. */
export function applyPart(client: Client, role: string, k: Known, language: Language, go: (to: Partial<State>) => void): HTMLElement {
  const t = workTexts(language)
  const box = h('section', { class: 'apply' }, h('h3', {}, t.applyPart))
  const { plot, decision, run } = k
  if (!plot.grower_id || typeof decision !== 'object') {
    box.append(h('p', { class: 'note' }, t.noGrower))
    return box
  }
  const open = (id: number) => go({ page: 'work', item: `application-${id}` })
  void client.get('/v1/applications', { query: { county: run.county, grower_id: plot.grower_id, limit: 20 } }).then((page) => {
    if (page.items.length === 0) box.append(h('p', { class: 'note' }, t.noneYet))
    else {
      box.append(h('ul', {}, page.items.map((a) => h('li', {}, h('button', { type: 'button', class: 'link', onclick: () => open(a.id) }, `${t.application} ${a.id}`), ` ${yuan(a.asked_fen)} `, h('span', { class: `state ${a.state}` }, t.states[a.state] ?? a.state)))))
    }
    if (role !== 'officer' || page.items.some((a) => !['refused', 'withdrawn', 'closed'].includes(a.state))) return
    const amount = money(decision.limit_fen || undefined)
    const until = h('input', { type: 'date', required: true, value: decision.tenor_end ?? '' })
    const purpose = choice(t.purposes)
    if (decision.outcome !== 'admit') {
      const why = prose()
      const told = h('p', { class: 'done', role: 'status' })
      box.append(h('details', {}, h('summary', {}, t.askReview), form({ t }, t.askReview, [field(t.whatHeSays, why, t.whyHint)], async (key) => {
        await client.post('/v1/human-reviews', { decision_id: decision.decision_id, run: run.id, why: why.value.trim() }, {}, key)
        told.textContent = t.reviewAsked
      }), told))
    }
    box.append(h('details', {}, h('summary', {}, t.apply), form({ t }, t.apply, [field(t.amount, amount), field(t.lastDay, until), field(t.purpose, purpose)], async (key) => {
      const made = await client.post('/v1/applications', {
        county: run.county, run: run.id, grower_id: decision.grower_id, decision_id: decision.decision_id, product: productOf(traceOf(decision.trace).rules), purpose: purpose.value as 'other',
        asked_fen: fenOf(amount), asked_until: until.value,
      }, {}, key)
      open(made.id)
    }, true)))
  }, (e: unknown) => box.append(h('p', { class: 'wrong', role: 'alert' }, problemText(t, e))))
  return box
}
