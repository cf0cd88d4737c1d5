// Lists of the factory: collection, overrides, relief, human review, threshold.

import type { Schemas } from './client.ts'
import { h } from './dom.ts'
import { yuan } from './numbers.ts'
import { button, facts, fenOf, field, form, grid, money, prose, when, type View } from './workform.ts'
import { outcomeWord } from './words.ts'

const toApplication = (v: View, id: number) => h('button', { type: 'button', class: 'link', onclick: () => v.go({ item: `application-${id}` }) }, `${v.t.application} ${id}`)
const empty = (text: string) => h('p', { class: 'message' }, text)
const decides = (v: View) => v.me.role === 'approver' || v.me.role === 'risk_manager'

export async function collectionPage(v: View): Promise<HTMLElement[]> {
  const { t, client, county } = v
  const late = await client.get('/v1/limits', { query: { county: county.code, overdue: true, limit: 500 } })
  const give = (l: Schemas['Limit']) => async () => {
    await client.post('/v1/tasks', { county: county.code, kind: 'collect', grower_id: l.grower_id, application: l.application, subject: `limit ${l.id}` }, {}, `collect ${l.id} ${l.overdue_days}`)
    await v.again()
  }
  const row = (l: Schemas['Limit']) => [h('code', {}, l.grower_id), toApplication(v, l.application), yuan(l.overdue_fen), yuan(l.owed_fen), l.until, [String(l.overdue_days), l.default && h('b', { class: 'late' }, ` ${t.default}`)],
    v.me.role !== 'auditor' && button(v, t.makeTask, give(l))]
  return [h('h1', {}, t.collection), late.items.length === 0 ? empty(t.noneOverdue) : grid(t.collection, [t.grower, t.application, t.overdueSum, t.owed, t.lastDay, t.overdueDays, ''], late.items.map(row), [2, 3, 5])]
}

export async function overridesPage(v: View): Promise<HTMLElement[]> {
  const { t, client, county, language } = v
  const all = (await client.get('/v1/overrides', { query: { county: county.code, limit: 200 } })).items
  const row = (o: Schemas['Override']) => [toApplication(v, o.application), `${outcomeWord(o.machine_outcome)[language]} ${yuan(o.machine_fen)}`, [`${t.did[o.act] ?? o.act} `, o.amount_fen !== undefined && yuan(o.amount_fen)],
    [h('b', {}, t.reasons[o.reason_code] ?? o.reason_code), h('span', { class: 'note' }, ` ${o.why}`)], [v.who(o.asker), ` ${when(o.at)}`], v.who(o.second_by),
    [t.states[o.state] ?? o.state, o.outstanding_fen !== undefined && ` · ${t.outstanding} ${yuan(o.outstanding_fen)}`, o.overdue_days > 0 && h('span', { class: 'late' }, ` · ${t.overdueDays} ${o.overdue_days}${o.default ? ' ' + t.default : ''}`)]]
  return [h('h1', {}, t.overrides), all.length === 0 ? empty(t.noOverrides) : grid(t.overrides, [t.application, t.machine, t.what, t.reason, t.who, t.second, t.since], all.map(row))]
}

/** offerPart says what the credit policy's relief gives. */
export function offerPart(v: View, r: Schemas['Relief']): HTMLElement {
  const { t } = v
  const offer = r.offer as { credit_policy?: string; extension_days?: number; notices?: string[]; rule?: string; as_of?: string }
  return h('p', { class: 'note' }, r.offered_until ? `${t.policyGives} ${r.offered_until}` : t.policyNothing, offer.rule && [' · ', h('code', {}, offer.rule)],
    offer.notices?.length ? ` · ${t.notices}: ${offer.notices.join(', ')}` : '', offer.credit_policy && [' · ', h('code', {}, offer.credit_policy)])
}

export async function reliefsPage(v: View): Promise<HTMLElement[]> {
  const { t, client, county, me } = v
  const all = (await client.get('/v1/reliefs', { query: { county: county.code, limit: 200 } })).items
  const card = (r: Schemas['Relief']) => {
    const until = h('input', { type: 'date', value: r.offered_until && r.offered_until < r.asked_until ? r.offered_until : r.asked_until })
    const why = prose()
    const decide = (act: 'grant' | 'refuse') => async () => {
      await client.post('/v1/reliefs/{id}/acts', { act, why: why.value.trim(), ...(act === 'grant' ? { until: until.value } : {}) }, { path: { id: r.id } })
      await v.again()
    }
    return h('section', { class: 'card' }, h('h3', {}, `${t.reliefs} ${r.id} · `, h('code', {}, r.grower_id), ' ', h('span', { class: 'state' }, t.reliefStates[r.state] ?? r.state)),
      facts([[t.limit, String(r.limit)], [t.putOffTo, r.asked_until], [t.why, r.why], [t.askedBy, [v.who(r.asked_by), ` ${when(r.at)}`]], [t.decidedBy, r.decided_by && [v.who(r.decided_by), ` ${r.until ?? ''} ${r.decided_why ?? ''}`]]]),
      offerPart(v, r),
      r.state === 'open' && decides(v) && (r.asked_by === me.id ? h('p', { class: 'note' }, t.barred)
        : form(v, t.grant, [field(t.putOffTo, until), field(t.why, why, t.whyHint)], decide('grant'), false, button(v, t.refuse, decide('refuse')))))
  }
  return [h('h1', {}, t.reliefs), ...(all.length === 0 ? [empty(t.noReliefs)] : all.map(card))]
}

export async function reviewsPage(v: View): Promise<HTMLElement[]> {
  const { t, client, county } = v
  const all = (await client.get('/v1/human-reviews', { query: { county: county.code, limit: 200 } })).items
  const barred = new Set((await client.get('/v1/tasks', { query: { county: county.code, kind: 'human_review', limit: 1000 } })).items.filter((k) => k.barred).map((k) => k.subject))
  const card = (r: Schemas['HumanReview']) => {
    const why = prose()
    const decide = (act: 'uphold' | 'overturn') => async () => {
      await client.post('/v1/human-reviews/{id}/acts', { act, why: why.value.trim() }, { path: { id: r.id } })
      await v.again()
    }
    return h('section', { class: 'card' }, h('h3', {}, `${t.humanReviews} ${r.id} · `, h('code', {}, r.grower_id), ' ', h('span', { class: 'state' }, t.reviewStates[r.state] ?? r.state)),
      facts([[t.about, r.application ? toApplication(v, r.application) : [t.machine, ' ', h('code', {}, r.decision_id)]], [t.whatHeSays, r.why], [t.askedBy, [v.who(r.asked_by), ` ${when(r.at)}`]], [t.decidedBy, r.decided_by && v.who(r.decided_by)], [t.explanation, r.decided_why]]),
      r.state === 'open' && decides(v) && (barred.has(String(r.id)) ? h('p', { class: 'note' }, t.barred)
        : form(v, t.uphold, [field(t.explanation, why, t.whyHint)], decide('uphold'), false, button(v, t.overturn, decide('overturn')))))
  }
  return [h('h1', {}, t.humanReviews), ...(all.length === 0 ? [empty(t.noReviews)] : all.map(card))]
}

export async function thresholdPage(v: View): Promise<HTMLElement[]> {
  const { t, client, county, me } = v
  const rules = await client.get('/v1/approval-rules', { query: { county: county.code } })
  const amount = money()
  const why = prose()
  const row = (r: Schemas['ApprovalRule']) => [yuan(r.from_fen), r.why, [v.who(r.proposed_by), ` ${when(r.proposed_at)}`],
    r.confirmed_by ? [v.who(r.confirmed_by), ` ${when(r.confirmed_at!)}`] : decides(v) && r.proposed_by !== me.id ? button(v, t.confirm, async () => { await client.post('/v1/approval-rules/{id}/confirm', {}, { path: { id: r.id } }); await v.again() }) : '–',
    r.holds && h('b', { class: 'done' }, t.holds)]
  return [h('h1', {}, t.threshold), h('p', { class: 'note' }, t.ruleNote),
    rules.length === 0 ? empty(t.noRule) : grid(t.threshold, [t.amount, t.why, t.proposedBy, t.confirmedBy, ''], rules.map(row), [0]),
    ...(me.role === 'risk_manager' ? [form(v, t.proposeRule, [field(t.amount, amount), field(t.why, why, t.whyHint)], async (key) => {
      await client.post('/v1/approval-rules', { county: county.code, from_fen: fenOf(amount), why: why.value.trim() }, {}, key)
      await v.again()
    })] : [])]
}
