// An application: what was asked, what the machine said, what people did, and what one may do now.

import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { yuan } from './numbers.ts'
import { namesOf, placesOf } from './places.ts'
import { limitPart } from './worklimit.ts'
import { button, choice, facts, fenOf, field, form, grid, money, prose, when, type View } from './workform.ts'
import { cropWord, outcomeWord } from './words.ts'

type Sheet = Schemas['ApplicationSheet']

export async function applicationsPage(v: View): Promise<HTMLElement[]> {
  const { t, client, county } = v
  const page = await client.get('/v1/applications', { query: { county: county.code, limit: 200 } })
  const row = (a: Schemas['Application']): Child[] => [h('button', { type: 'button', class: 'link', onclick: () => v.go({ item: `application-${a.id}` }) }, `${t.application} ${a.id}`), h('code', {}, a.grower_id),
    h('span', { class: `state ${a.state}` }, t.states[a.state] ?? a.state), yuan(a.asked_fen), a.proposed_fen === undefined ? '–' : yuan(a.proposed_fen), t.purposes[a.purpose] ?? a.purpose, when(a.at)]
  return [h('h1', {}, t.applications), page.items.length === 0 ? h('p', { class: 'message' }, t.noApplications)
    : grid(t.applications, [t.application, t.grower, t.state, t.asked, t.proposed, t.purpose, t.applied], page.items.map(row), [3, 4]), ...(page.next ? [h('p', { class: 'note' }, t.firstOnly)] : [])]
}

/** differs tells whether a proposal is more than what the machine decided. */
export function differs(a: Pick<Sheet, 'machine_outcome' | 'machine_fen' | 'machine_until'>, fen: number, until: string): boolean {
  return !['admit', 'refer'].includes(a.machine_outcome) || fen > a.machine_fen || (a.machine_until !== undefined && until > a.machine_until)
}

function actForm(v: View, a: Sheet, act: string): HTMLElement {
  const { t, client } = v
  const why = prose()
  const amount = money(act === 'review' ? Math.min(a.asked_fen, a.machine_fen || a.asked_fen) : a.proposed_fen)
  const until = h('input', { type: 'date', required: true, value: a.machine_until && a.machine_until > a.today && a.machine_until < a.asked_until ? a.machine_until : a.asked_until })
  const reason = choice(t.reasons, '', '–')
  const hint = h('p', { class: 'note', role: 'status', hidden: true }, t.differs)
  const reasonField = field(t.reason, reason)
  const against = act === 'refuse' && a.machine_outcome === 'admit'
  const look = () => { reasonField.hidden = hint.hidden = !(against || (act === 'review' && differs(a, fenOf(amount), until.value))) }
  amount.addEventListener('input', look)
  until.addEventListener('input', look)
  look()
  const fields: Child[] = [h('h3', {}, t.acts[act] ?? act)]
  if (act === 'review') fields.push(field(t.amount, amount), field(t.lastDay, until))
  if (act === 'approve') fields.push(field(t.lower, amount))
  if (act === 'review' || act === 'refuse') fields.push(hint, reasonField)
  fields.push(field(t.why, why, t.whyHint))
  return form(v, t.acts[act] ?? act, fields, async (key) => {
    await client.post('/v1/applications/{id}/acts', {
      act: act as 'review', version: a.version, why: why.value.trim(),
      ...(act === 'review' || act === 'approve' ? { amount_fen: fenOf(amount) } : {}), ...(act === 'review' ? { until: until.value } : {}), ...(reason.value && !reasonField.hidden ? { reason_code: reason.value as 'other' } : {}),
    }, { path: { id: a.id } }, key)
    await v.again()
  }, act === 'approve' || act === 'review')
}

/** actsPart offers what the asker may do; the first is open, the others open at a click. */
function actsPart(v: View, a: Sheet): HTMLElement {
  const { t } = v
  const place = h('div', {})
  const choose = (act: string) => {
    place.replaceChildren(actForm(v, a, act))
    for (const b of acts.querySelectorAll('button')) b.setAttribute('aria-expanded', String(b.dataset.act === act))
  }
  const acts = h('div', { class: 'acts' }, a.may.map((act) => h('button', { type: 'button', 'data-act': act, 'aria-expanded': 'false', onclick: () => choose(act) }, t.acts[act] ?? act)))
  const survey = a.tasks.find((k) => k.kind === 'survey' && !k.done_by)
  return h('div', {},
    a.barred.length > 0 && h('p', { class: 'outbox', role: 'note' }, `${a.barred.map((x) => t.acts[x] ?? x).join(', ')}: ${t.barred}`),
    survey && v.me.role === 'officer' && h('p', {}, h('button', { type: 'button', onclick: () => v.go({ item: `task-${survey.id}` }) }, t.survey)),
    a.may.length > 0 && acts, place)
}

const farAway = 500 // metres from the land, from which a survey's place stands out

function surveyPart(v: View, s: Schemas['Survey']): HTMLElement {
  const { t, client, language } = v
  const thumbs = h('div', { class: 'thumbs' })
  const show = (id: number, i: number) => async () => {
    const address = URL.createObjectURL(await client.bytes('/v1/photos/{id}', { path: { id } }))
    thumbs.append(h('img', { src: address, alt: `${t.photos} ${i + 1}`, onload: () => URL.revokeObjectURL(address) }))
  }
  return h('section', { class: 'card' }, h('h3', {}, `${t.survey} · `, v.who(s.asker)),
    facts([[t.seenAt, when(s.seen_at)], [t.where, s.lat === undefined ? t.noPlace : [`${s.lat.toFixed(5)}, ${s.lon!.toFixed(5)}`, s.distance_m !== undefined && h('span', { class: s.distance_m > farAway ? 'late' : 'note' }, ` · ${Math.round(s.distance_m)} ${t.fromLand}`)]], [t.crop, cropWord(s.crop)[language]],
      [t.farmedBy, t.farmed[s.farmed]], [t.conditionOf, t.condition[s.condition]], [t.boundaryOf, t.boundary[s.boundary]], [t.note, s.note]]),
    s.photos.length > 0 && v.me.role !== 'auditor' && h('p', {}, s.photos.map((id, i) => [button(v, `${t.showPhoto} ${i + 1}`, show(id, i)), ' ']), h('small', { class: 'note' }, t.photoLogged)), thumbs)
}

export async function applicationPage(v: View, id: number): Promise<HTMLElement[]> {
  const { t, client, language, me } = v
  const a = await client.get('/v1/applications/{id}', { path: { id } })
  const outcome = outcomeWord(a.machine_outcome)
  const why = prose()
  const row = (e: Schemas['ApplicationEvent']): Child[] => [when(e.at), v.who(e.asker), h('b', {}, t.did[e.act] ?? e.act), [e.amount_fen !== undefined && yuan(e.amount_fen), e.until && ` ${t.until} ${e.until}`], t.states[e.to_state] ?? e.to_state,
    [e.reason_code && h('b', {}, `${t.reasons[e.reason_code] ?? e.reason_code} `), e.why]]
  const land = await client.get('/v1/parcels', { query: { county: a.county, run: a.run, grower_id: a.grower_id, limit: 100 } })
  const plot = land.items[0]?.plot_id
  const villages = placesOf(await namesOf(client, a.county, a.run), land.items.map((p) => p.parcel_id))
  return [
    h('h1', {}, `${t.application} ${a.id} `, h('span', { class: `state ${a.state}` }, t.states[a.state] ?? a.state)),
    facts([[t.grower, h('code', {}, a.grower_id)], [t.lies, villages.length > 0 && h('span', { lang: 'zh-CN' }, villages.join('、'))], [t.asked, `${yuan(a.asked_fen)} ${t.until} ${a.asked_until}`], [t.purpose, t.purposes[a.purpose] ?? a.purpose], [t.product, t.products[a.product] ?? a.product],
      [t.machine, [h('span', { class: 'pill', style: `--of:${outcome.colour}` }, outcome[language]), ` ${yuan(a.machine_fen)}${a.machine_until ? ` ${t.until} ${a.machine_until}` : ''}`]],
      [t.proposed, a.proposed_fen !== undefined && `${yuan(a.proposed_fen)} ${t.until} ${a.proposed_until ?? ''}`], [t.reason, a.overrides && (t.reasons[a.overrides] ?? a.overrides)], [t.twoApprove, yuan(a.threshold_fen)], [t.today, a.today]]),
    plot ? h('p', {}, h('button', { type: 'button', class: 'link', onclick: () => v.go({ page: undefined, run: a.run, plot } as never) }, t.openMap)) : h('p', {}),
    actsPart(v, a),
    ...(a.limit ? [await limitPart(v, a.limit)] : []),
    ...(a.state === 'refused' && me.role === 'officer' && !a.human_reviews.some((r) => r.state === 'open') ? [form(v, t.askReview, [field(t.whatHeSays, why, t.whyHint)], async (key) => {
      await client.post('/v1/human-reviews', { application: a.id, why: why.value.trim() }, {}, key)
      await v.again()
    })] : []),
    ...a.human_reviews.map((r) => h('section', { class: 'card' }, h('h3', {}, `${t.humanReviews} `, h('span', { class: 'state' }, t.reviewStates[r.state] ?? r.state)), facts([[t.whatHeSays, r.why], [t.decidedBy, r.decided_by && v.who(r.decided_by)], [t.explanation, r.decided_why]]))),
    ...a.surveys.map((s) => surveyPart(v, s)),
    h('h2', {}, t.history),
    grid(t.history, [t.day, t.who, t.what, t.amount, t.state, t.why], a.events.map(row)),
  ]
}
