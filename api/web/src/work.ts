// The credit factory's pages: which one is open stands in the address (item=…).

import './work.css'
import type { Schemas } from './client.ts'
import { colleaguesOf } from './colleagues.ts'
import { h, type Child } from './dom.ts'
import { discard, flush, flushed, waiting } from './outbox.ts'
import { yuan } from './numbers.ts'
import type { PageContext } from './pages.ts'
import { applicationPage, applicationsPage } from './workapplication.ts'
import { collectionPage, overridesPage, reliefsPage, reviewsPage, thresholdPage } from './worklists.ts'
import { button, grid, since, when, type View } from './workform.ts'
import { surveyPage } from './worksurvey.ts'
import { workTexts } from './work.texts.ts'

const parts = ['queues', 'applications', 'collection', 'overrides', 'reliefs', 'humanReviews', 'threshold'] as const
type Part = (typeof parts)[number]

export async function workPage(context: PageContext): Promise<HTMLElement> {
  const box = h('div', { class: 'paper work' })
  const who = await colleaguesOf(context.client, context.me, context.county.code, context.language)
  const view: View = { ...context, t: workTexts(context.language), who, again: async () => {
    const content = await page(view)
    if (!context.left.aborted) box.replaceChildren(...content)
  } }
  const send = () => void flush(context.client, context.locker)
  addEventListener('online', send, { signal: context.left })
  document.addEventListener(flushed, () => void outbox(view), { signal: context.left })
  const clock = setInterval(send, 20_000)
  context.left.addEventListener('abort', () => clearInterval(clock))
  await view.again()
  if (context.me.role === 'officer') void context.client.get('/v1/tasks', { query: { county: context.county.code, mine: true, limit: 200 } }).catch(() => undefined) // what he carries into the field
  send()
  return box
}

async function page(v: View): Promise<Node[]> {
  const [kind = '', id = ''] = (v.item ?? '').split('-', 2)
  const number = Number(id)
  const at: Part = kind === 'application' ? 'applications' : (parts as readonly string[]).includes(kind) ? (kind as Part) : 'queues'
  const shown = (p: Part) => h('button', { type: 'button', 'aria-current': p === at ? 'page' : null, onclick: () => v.go({ item: p === 'queues' ? undefined : p } as never) }, v.t[p])
  const content = kind === 'application' && number > 0 ? await applicationPage(v, number)
    : kind === 'task' && number > 0 ? await surveyPage(v, number)
    : at === 'queues' ? await queuesPage(v, kind === 'queues' ? id : '')
    : await { applications: applicationsPage, collection: collectionPage, overrides: overridesPage, reliefs: reliefsPage, humanReviews: reviewsPage, threshold: thresholdPage }[at](v)
  const box = h('div', { id: 'outbox' })
  queueMicrotask(() => void outbox(v, box))
  return [h('nav', { class: 'menu', 'aria-label': v.t.work }, parts.map(shown)), box, ...content]
}

/** outbox shows the surveys that wait on this device. */
async function outbox(v: View, box: HTMLElement | null = document.getElementById('outbox')): Promise<void> {
  const all = await waiting(v.locker).catch(() => [])
  if (!box) return
  if (all.length === 0) return box.replaceChildren()
  const row = (w: (typeof all)[number]) => h('li', {}, `${v.t.task} ${w.task} · ${v.t.photos}: ${w.photos}`,
    w.refused && [' · ', h('span', { class: 'wrong' }, `${v.t.refusedSend}: ${v.t.problems[w.refused] ?? w.refused}`), ' ', button(v, v.t.discard, async () => { await discard(v.locker, w); await outbox(v, box) })])
  box.replaceChildren(h('section', { class: 'outbox', role: 'status' }, h('b', {}, `${v.t.waiting} (${all.length})`), h('ul', {}, all.map(row)),
    button(v, v.t.sendNow, async () => { await flush(v.client, v.locker); await v.again() })))
}

type Task = Schemas['Task']

/** where a task is done. */
const place = (k: Task): string =>
  k.kind === 'relief' ? 'reliefs' : k.kind === 'human_review' ? 'humanReviews' : k.application && k.kind !== 'survey' ? `application-${k.application}` : `task-${k.id}`

async function queuesPage(v: View, of: string): Promise<HTMLElement[]> {
  const { t, client, county, me } = v
  const mine = of === 'mine'
  const tasks: Task[] = []
  const first = await client.get('/v1/tasks', { query: { county: county.code, limit: 200, ...(mine ? { mine } : of ? { kind: of } : {}) } })
  tasks.push(...first.items)
  const counts = first.counts
  const chip = (id: string, text: Child) => h('button', { type: 'button', 'aria-pressed': String(of === id), onclick: () => v.go({ item: id ? `queues-${id}` : undefined } as never) }, text)
  const sum = (f: (c: (typeof counts)[number]) => number) => counts.reduce((s, c) => s + f(c), 0)
  const count = (c: (typeof counts)[number]) => chip(c.kind, [`${t.kinds[c.kind] ?? c.kind} ${c.open}`, c.late > 0 && h('span', { class: 'late' }, ` ${c.late} ${t.late}`), h('small', {}, ` ${t.within} ${c.hours % 24 === 0 && c.hours > 48 ? `${c.hours / 24} ${t.days}` : `${c.hours} ${t.hours}`}`)])
  const act = (k: Task, act: 'take' | 'give_back') => async () => {
    await client.post('/v1/tasks/{id}/acts', { act }, { path: { id: k.id } })
    await v.again()
  }
  const row = (k: Task): Child[] => {
    const late = Date.parse(k.due) < Date.now()
    return [
      h('b', {}, t.kinds[k.kind] ?? k.kind),
      [h('code', {}, k.grower_id), k.application && ` · ${t.application} ${k.application}`, k.note && h('span', { class: 'note' }, ` · ${k.note}`), dueDay(k.subject) && h('span', { class: 'note' }, ` · ${t.repayBy} ${dueDay(k.subject)}`)],
      k.amount_fen === undefined ? '–' : yuan(k.amount_fen),
      since(k.made_at, t),
      late ? h('span', { class: 'late' }, `${t.overdueBy} ${since(k.due, t)}`) : when(k.due),
      v.who(k.taken_by),
      [k.barred ? h('span', { class: 'note' }, t.barred)
        : me.role !== 'auditor' && (!k.taken_by ? button(v, t.take, act(k, 'take')) : k.taken_by === me.id && button(v, t.giveBack, act(k, 'give_back'))),
      ' ', h('button', { type: 'button', onclick: () => v.go({ item: place(k) }) }, t.open1)],
    ]
  }
  return [
    h('h1', {}, t.queues),
    h('p', { class: 'chips' }, chip('', `${t.all} ${sum((c) => c.open)}`), chip('mine', `${t.onlyMine} ${sum((c) => c.mine)}`), counts.map(count)),
    tasks.length === 0 ? h('p', { class: 'message' }, t.noTasks) : grid(t.queues, [t.task, t.about, t.amount, t.age, t.due, t.takenBy, ''], tasks.map(row), [2]),
    ...(first.next ? [h('p', { class: 'note' }, t.firstOnly)] : []),
  ]
}

/** dueDay is the day that a task of the service's own is about ("limit 3 due 2024-12-01"), or ''. */
const dueDay = (subject: string): string => /^limit \d+ due (\d{4}-\d\d-\d\d)$/.exec(subject)?.[1] ?? ''
