// A limit: how full it is, what was drawn and repaid, and asking to put it off.

import type { Schemas } from './client.ts'
import { h } from './dom.ts'
import { number, yuan } from './numbers.ts'
import { facts, fenOf, field, form, grid, money, prose, type View } from './workform.ts'
import { offerPart } from './worklists.ts'

export async function limitPart(v: View, of: Schemas['Limit']): Promise<HTMLElement> {
  const { t, client, me } = v
  const l = await client.get('/v1/limits/{id}', { path: { id: of.id } })
  const [draw, repay, why] = [money(), money(l.owed_fen), prose()]
  const until = h('input', { type: 'date', required: true, min: l.until })
  const note = prose()
  const told = h('p', { class: 'done', role: 'status' })
  const percent = number(l.share / 100, 0) + ' %'
  const book = (path: '/v1/limits/{id}/drawings' | '/v1/limits/{id}/repayments', input: HTMLInputElement) => async (key: string) => {
    await client.post(path, { amount_fen: fenOf(input) }, { path: { id: l.id } }, key)
    await v.again()
  }
  return h('section', { class: 'card', id: 'limit' }, h('h3', {}, `${t.limit} ${yuan(l.limit_fen)}`),
    facts([[t.outstanding, yuan(l.outstanding_fen)], [t.interest, yuan(l.interest_fen)], [t.owed, l.owed_fen > 0 && h('b', {}, yuan(l.owed_fen))], [t.overdueSum, l.overdue_fen > 0 && h('span', { class: 'late' }, yuan(l.overdue_fen))],
      [t.leftOver, yuan(l.left_fen)], [t.rate, `${number(l.rate_bp / 100, 2)} %`], [t.interestDays, l.interest_days > 0 && String(l.interest_days)], [t.lastDay, l.until], [t.level, percent], [t.alert, l.alert > 0 && number(l.alert / 100, 0) + ' %'],
      [t.overdueDays, l.overdue_days > 0 && h('span', { class: 'late' }, `${l.overdue_days}${l.default ? ' · ' + t.default : ''}`)]]),
    h('div', { class: l.over || l.overdue_days > 0 ? 'meter over' : 'meter', role: 'img', 'aria-label': `${t.level} ${percent}` }, h('i', { style: `width:${l.share / 100}%` })),
    me.role === 'officer' && l.state === 'active' && l.today <= l.until && form(v, t.draw, [field(t.amount, draw)], book('/v1/limits/{id}/drawings', draw)),
    me.role === 'officer' && l.owed_fen > 0 && form(v, t.repay, [field(t.amount, repay, t.repayHint)], book('/v1/limits/{id}/repayments', repay)),
    l.movements.length > 0 && [h('h3', {}, t.movements), grid(t.movements, [t.day, t.what, t.amount, t.ofInterest, t.leftOver, t.who], l.movements.map((m) => [m.day, m.kind === 'drawing' ? t.drawing : t.repayment, yuan(m.amount_fen), m.kind === 'drawing' ? '–' : yuan(m.interest_fen), yuan(m.left_fen), v.who(m.asker)]), [2, 3, 4])],
    l.reliefs.map((r) => h('div', {}, h('h3', {}, `${t.reliefs} `, h('span', { class: 'state' }, t.reliefStates[r.state] ?? r.state)), facts([[t.putOffTo, r.until ?? r.asked_until], [t.why, r.why], [t.decidedBy, r.decided_by && v.who(r.decided_by)]]), offerPart(v, r))),
    (me.role === 'officer' || me.role === 'risk_manager') && l.state !== 'closed' && h('details', {}, h('summary', {}, t.watch), form(v, t.makeTask, [field(t.note, note, t.whyHint)], async (key) => {
      await client.post('/v1/tasks', { county: l.county, kind: 'monitor', grower_id: l.grower_id, application: l.application, subject: `limit ${l.id}`, note: note.value.trim() }, {}, key)
      told.textContent = t.taskMade
    }), told),
    me.role === 'officer' && l.state !== 'closed' && !l.reliefs.some((r) => r.state === 'open') && h('details', {}, h('summary', {}, t.askRelief), form(v, t.askRelief, [field(t.putOffTo, until), field(t.why, why, t.whyHint)], async (key) => {
      await client.post('/v1/reliefs', { limit: l.id, until: until.value, why: why.value.trim() }, {}, key)
      await v.again()
    })))
}
