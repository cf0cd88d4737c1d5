// The auditor's page: the log, the unmaskings, and a walk along the whole chain.

import './office.css'
import { fact, table } from './bars.ts'
import { auditTexts } from './audit.texts.ts'
import type { Client, Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { number } from './numbers.ts'
import type { PageContext } from './pages.ts'
import type { Language } from './state.ts'
import { workTexts } from './work.texts.ts'
import { textsIn } from './words.ts'

const moment = (at: string) => at.replace('T', ' ').replace(/(\.\d+)?Z$/, '')

/** actWord is an act in the reader's language, with the word that the log holds where that is another. */
function actWord(act: string, language: Language): Child {
  const word = language === 'zh' ? (auditTexts.zh.acts[act] ?? workTexts('zh').did[act]) : undefined
  return word ? [word, ' ', h('small', {}, h('code', {}, act))] : act
}

/** growing is a table that grows by a page at a time. */
function growing<T>(caption: string, headings: string[], none: string, more: string, row: (v: T) => Child[], ask: (cursor?: string) => Promise<{ items: T[]; next?: string }>): HTMLElement {
  const body = h('tbody', {})
  const said = h('p', { class: 'note', role: 'status' })
  const button = h('button', { type: 'button', hidden: true }, more)
  const box = table(caption, headings, [], headings.length)
  box.classList.add('grows')
  box.querySelector('tbody')!.replaceWith(body)
  let next: string | undefined
  const load = async () => {
    button.disabled = true
    try {
      const page = await ask(next)
      body.append(...page.items.map((v) => h('tr', {}, row(v).map((cell) => h('td', {}, cell)))))
      next = page.next
      said.textContent = body.children.length === 0 ? none : ''
    } catch (e) {
      said.textContent = e instanceof Error ? e.message : String(e)
    }
    button.disabled = false
    button.hidden = !next
  }
  button.addEventListener('click', () => void load())
  void load()
  return h('div', {}, box, said, button)
}

function logPart(client: Client, language: Language): HTMLElement {
  const t = auditTexts[language]
  const input = (name: string, label: string, type = 'text') => h('label', {}, label, h('input', { name, type, maxlength: type === 'date' ? null : 100, autocomplete: 'off' }))
  const place = h('div', {})
  const show = (q: Record<string, string>) => place.replaceChildren(growing(t.log, [t.number, t.at, t.asker, t.role, t.county, t.act, t.subject, t.detail], t.none, t.more,
    (e: Schemas['AuditEntry']) => [String(e.seq), moment(e.at), e.asker, textsIn(language).roles[e.role] ?? e.role, e.county, actWord(e.act, language), h('code', {}, e.subject), h('code', { class: 'audit-detail line' }, JSON.stringify(e.detail))],
    (cursor) => client.get('/v1/audit', { query: { ...q, limit: 50, cursor } })))
  const form = h('form', { class: 'ask-form', role: 'search', 'aria-label': t.log, onsubmit: (e: SubmitEvent) => {
    e.preventDefault()
    show(Object.fromEntries([...new FormData(form).entries()].filter(([, v]) => v !== '')) as Record<string, string>)
  } }, input('asker', t.asker), input('act', t.act), input('subject', t.subject), input('from', t.from, 'date'), input('to', t.to, 'date'), h('button', { type: 'submit' }, t.find))
  show({})
  return h('section', {}, h('h2', {}, t.log), form, place)
}

function verifyPart(client: Client, language: Language): HTMLElement {
  const t = auditTexts[language]
  const said = h('div', { role: 'status' })
  const button = h('button', { type: 'button', class: 'primary', onclick: async () => {
    said.replaceChildren(h('p', { class: 'note' }, t.verifying))
    try {
      const v = await client.get('/v1/audit/verify')
      said.replaceChildren(
        h('p', {}, h('span', { class: 'state ' + (v.whole ? 'whole' : 'broken') }, v.whole ? t.whole : t.broken), v.wrong && h('span', { class: 'wrong' }, ' ' + v.wrong)),
        h('dl', { class: 'facts' }, fact(t.entries, number(v.entries, 0)), fact(t.days, number(v.days_closed, 0)), v.last_closed && fact(t.lastClosed, moment(v.last_closed))),
        h('p', { class: 'note' }, t.head, ' ', h('code', {}, v.head || '–')),
        v.days_closed === 0 && h('p', { class: 'note' }, t.noDays) || '')
    } catch (e) {
      said.replaceChildren(h('p', { class: 'wrong' }, e instanceof Error ? e.message : String(e)))
    }
  } }, t.verify)
  return h('div', {}, h('p', { class: 'buttons' }, button), said)
}

/** auditPage writes the auditor's page. */
export function auditPage({ client, language }: PageContext): HTMLElement {
  const t = auditTexts[language]
  return h('div', { class: 'paper' }, h('h1', {}, t.title), h('p', { class: 'lead' }, t.lead), verifyPart(client, language), logPart(client, language),
    h('section', {}, h('h2', {}, t.looks), h('p', { class: 'note' }, t.looksLead),
      growing(t.looks, [t.at, t.asker, t.role, t.county, t.grower, t.purpose], t.none, t.more,
        (u: Schemas['Unmasking']) => [moment(u.at), u.asker, textsIn(language).roles[u.role] ?? u.role, u.county, h('code', {}, u.grower_id), u.purpose],
        (cursor) => client.get('/v1/audit/unmaskings', { query: { limit: 50, cursor } }))))
}
