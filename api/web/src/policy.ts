// Credit policies: those of the runs and those proposed, an editor, what a change
// would do, and its release by a second person.

import './office.css'
import { table } from './bars.ts'
import { Problem, type Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import type { PageContext } from './pages.ts'
import { namesOf } from './places.ts'
import { policyTexts } from './policy.texts.ts'
import { explain, wrongLines } from './policywords.ts'
import { changesTable, simulationPart } from './simulation.ts'

const moment = (at: string) => at.slice(0, 16).replace('T', ' ')

function listPart({ language, go }: PageContext, all: Schemas['CreditPolicy'][], open: string): HTMLElement {
  const t = policyTexts[language]
  const row = (p: Schemas['CreditPolicy']): Child[] => [
    h('button', { type: 'button', class: 'link', 'aria-current': p.sha256 === open ? 'true' : null, onclick: () => go({ item: p.sha256 }) }, `${p.id} ${p.version}`),
    h('span', { class: 'state ' + p.state }, t.states[p.state] ?? p.state), p.author ?? '–', p.proposed_at ? moment(p.proposed_at) : '–', p.why ?? '–', p.runs.join(', ') || '–']
  return h('section', {}, table(t.list, [t.name, t.state, t.by, t.when, t.why, t.runs], all.map(row), 6))
}

function editor(context: PageContext, p: Schemas['CreditPolicyText']): HTMLElement {
  const { client, me, county, run, language, go } = context
  const t = policyTexts[language]
  const text = h('textarea', { class: 'policy-text', id: 'policy-text', spellcheck: 'false', autocomplete: 'off', wrap: 'off' })
  text.value = p.text
  const said = h('div', { role: 'status' })
  const why = h('input', { type: 'text', id: 'policy-why', maxlength: 1000, autocomplete: 'off' })
  const goTo = (line: number) => {
    const from = text.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
    const to = text.value.indexOf('\n', from)
    text.focus()
    text.setSelectionRange(from, to < 0 ? text.value.length : to)
    text.scrollTop = Math.max(0, (line - 4) * (text.scrollHeight / text.value.split('\n').length))
  }
  const failed = (e: unknown) => {
    const wrong = e instanceof Problem && e.status === 422 ? wrongLines(e.detail) : []
    said.replaceChildren(h('p', { class: 'wrong' }, wrong.length > 0 ? t.wrong : e instanceof Error ? e.message : String(e), e instanceof Problem && wrong.length === 0 && e.detail ? ` ${e.detail}` : ''),
      h('ul', { class: 'said' }, wrong.map((w) => h('li', {}, w.line > 0 ? h('button', { type: 'button', class: 'link', onclick: () => goTo(w.line) }, w.text) : w.text))))
  }
  const doing = async (button: HTMLButtonElement, f: () => Promise<void>) => {
    button.disabled = true
    await f().catch(failed)
    button.disabled = false
  }
  const simulate = h('button', { type: 'button', class: 'primary' }, t.simulate)
  simulate.addEventListener('click', () => void doing(simulate, async () => {
    said.replaceChildren(h('p', { class: 'note' }, t.simulating))
    const body = { county: county.code, text: text.value, ...(run ? { run: run.id } : {}) }
    said.replaceChildren(simulationPart(await client.post('/v1/credit-policies/simulate', body), run ? await namesOf(client, county.code, run.id) : {}, language))
    said.querySelector<HTMLElement>('h2')?.focus()
  }))
  const propose = h('button', { type: 'button' }, t.propose)
  const keys = new Map<string, string>() // a text that is sent again is the same proposal
  propose.addEventListener('click', () => void doing(propose, async () => {
    const of = text.value + '\0' + why.value
    if (!keys.has(of)) keys.set(of, crypto.randomUUID())
    const made = await client.post('/v1/credit-policies/proposals', { county: county.code, text: text.value, why: why.value }, {}, keys.get(of))
    go({ item: made.sha256 })
  }))
  return h('section', {}, h('h2', {}, t.editor), h('label', { for: 'policy-text', class: 'note' }, t.editorLabel), text,
    h('div', { class: 'buttons' }, simulate,
      me.role === 'risk_manager' ? [h('label', { for: 'policy-why' }, t.proposeWhy), why, propose] : h('span', { class: 'note' }, t.denied)), said)
}

function judgePart({ client, me, county, language, go }: PageContext, p: Schemas['CreditPolicy']): HTMLElement | null {
  const t = policyTexts[language]
  if (p.state !== 'proposed' || !['approver', 'risk_manager'].includes(me.role)) return null
  if (p.author === me.id) return h('section', {}, h('h2', {}, t.judge), h('p', { class: 'note' }, t.own))
  const why = h('input', { type: 'text', id: 'judge-why', maxlength: 1000, autocomplete: 'off' })
  const said = h('p', { role: 'status', class: 'wrong' })
  const judge = (verdict: 'released' | 'refused') => async () => {
    said.textContent = ''
    try {
      const done = await client.post('/v1/credit-policies/{sha256}/verdict', { county: county.code, verdict, why: why.value }, { path: { sha256: p.sha256 } })
      go({ item: undefined as never })
      go({ item: done.sha256 })
    } catch (e) {
      said.textContent = e instanceof Problem ? `${e.message} ${e.detail}` : String(e)
    }
  }
  return h('section', {}, h('h2', {}, t.judge), h('div', { class: 'buttons' }, h('label', { for: 'judge-why' }, t.judgeWhy), why,
    h('button', { type: 'button', class: 'primary', onclick: judge('released') }, t.release), h('button', { type: 'button', onclick: judge('refused') }, t.refuse)), said)
}

/** download gives a file to the browser; the address alone would lack the token. */
async function download(context: PageContext, sha256: string): Promise<void> {
  const answer = await fetch(`/v1/credit-policies/${sha256}/file?county=${context.county.code}`, { headers: context.client.headers() })
  if (!answer.ok) throw new Error(answer.statusText)
  const link = h('a', { href: URL.createObjectURL(await answer.blob()), download: 'credit_policy.toml' })
  link.click()
  URL.revokeObjectURL(link.href)
}

/** policyPage writes the page; item is the SHA-256 of the credit policy that is open. */
export async function policyPage(context: PageContext): Promise<HTMLElement> {
  const { client, me, county, language, item } = context
  const t = policyTexts[language]
  const all = await client.get('/v1/credit-policies', { query: { county: county.code } })
  const open = all.find((p) => p.sha256 === item) ?? all.find((p) => p.state === 'in_use') ?? all[0]
  const paper = h('div', { class: 'paper' }, h('h1', {}, t.title), h('p', { class: 'lead' }, t.lead))
  if (!open) return paper
  const one = await client.get('/v1/credit-policies/{sha256}', { path: { sha256: open.sha256 }, query: { county: county.code } })
  const p = one.policy
  const file = p.state === 'in_use' || p.state === 'released'
  paper.append(listPart(context, all, open.sha256), h('section', {},
    h('h2', {}, `${p.id} ${p.version} `, h('span', { class: 'state ' + p.state }, t.states[p.state] ?? p.state)),
    p.judged_by ? h('p', { class: 'note' }, `${p.judged_by}, ${moment(p.judged_at ?? '')}: ${p.judged_why ?? ''}`) : '',
    h('p', { class: 'note' }, h('code', {}, 'sha256:' + (p.released_sha256 ?? p.sha256))),
    me.role !== 'model_owner' ? (file ? h('p', { class: 'buttons' }, h('button', { type: 'button', onclick: () => void download(context, p.sha256) }, t.file)) : h('p', { class: 'note' }, t.notReleased)) : '',
    h('h3', {}, t.inWords), h('ul', { class: 'said' }, explain(one.values, language).map((s) => h('li', {}, s.list ? h('details', {}, h('summary', {}, `${s.text} ${s.list.length}`), h('ul', {}, s.list.map((l) => h('li', {}, l)))) : s.text))),
    p.state === 'in_use' ? '' : changesTable(one.changes, language),
    h('details', {}, h('summary', {}, `${t.values} (${one.values.length})`), table(t.values, [t.path, t.value, t.line], one.values.map((v) => [h('code', {}, v.path), v.value, v.line]), 2))))
  const judge = judgePart(context, p)
  if (judge) paper.append(judge)
  if (['approver', 'risk_manager'].includes(me.role)) paper.append(editor(context, one))
  return paper
}
