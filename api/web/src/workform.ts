// Small parts of the factory's pages: forms that say what went wrong, times, tables.

import { Problem } from './client.ts'
import type { Who } from './colleagues.ts'
import { append, h, type Child } from './dom.ts'
import type { PageContext } from './pages.ts'
import type { WorkTexts } from './work.texts.ts'

/** View is what a page of the factory is written from; again writes it anew. */
export interface View extends PageContext {
  t: WorkTexts
  who: Who
  again(): Promise<void>
}

export function problemText(t: WorkTexts, e: unknown): string {
  if (!(e instanceof Problem)) return `${t.failed}: ${e instanceof Error ? e.message : String(e)}`
  const own = t.problems[e.kind]
  return own ?? `${t.failed}: ${e.message}${e.detail ? ' – ' + e.detail : ''}`
}

let made = 0

/** field is a labelled input; hint stands below it. */
export function field(label: string, input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, hint = ''): HTMLElement {
  input.id ||= `work-${++made}`
  const note = hint ? h('small', { id: input.id + '-hint', class: 'note' }, hint) : null
  if (note) input.setAttribute('aria-describedby', note.id)
  return h('div', { class: 'work-field' }, h('label', { for: input.id }, label), input, note)
}

/** money is an input of yuan. */
export function money(fen?: number): HTMLInputElement {
  return h('input', { type: 'number', min: '0.01', step: '0.01', inputmode: 'decimal', required: true, value: fen === undefined ? '' : String(fen / 100) })
}

/** fenOf reads an input of yuan. */
export const fenOf = (input: HTMLInputElement): number => Math.round(Number(input.value) * 100)

/** choice is a select of codes with their words. */
export function choice(words: Record<string, string>, chosen = '', empty = ''): HTMLSelectElement {
  return h('select', {}, empty && h('option', { value: '' }, empty), Object.entries(words).map(([v, text]) => h('option', { value: v, selected: v === chosen }, text)))
}

export const prose = (): HTMLTextAreaElement => h('textarea', { rows: 2, maxlength: 1000 })

/** form does what it is for with a key of its own, so that sending twice does nothing twice. */
export function form(v: Pick<View, 't'>, button: string, fields: Child[], submit: (key: string) => Promise<void>, primary = false, beside: Child = null): HTMLFormElement {
  const key = crypto.randomUUID()
  const wrong = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const send = h('button', { type: 'submit', class: primary ? 'primary' : null }, button)
  return h('form', {
    class: 'work-form',
    onsubmit: (e: SubmitEvent) => {
      e.preventDefault()
      send.disabled = true
      wrong.hidden = true
      submit(key).catch((e: unknown) => {
        wrong.textContent = problemText(v.t, e)
        wrong.hidden = false
      }).finally(() => { send.disabled = false })
    },
  }, fields, h('div', { class: 'work-send' }, send, beside), wrong)
}

/** button does one thing at a click, and says beside itself what went wrong. */
export function button(v: Pick<View, 't'>, text: string, does: () => Promise<unknown>): HTMLElement {
  const wrong = h('span', { class: 'wrong', role: 'alert' })
  const b = h('button', {
    type: 'button',
    onclick: () => {
      b.disabled = true
      wrong.textContent = ''
      does().catch((e: unknown) => { wrong.textContent = ' ' + problemText(v.t, e) }).finally(() => { b.disabled = false })
    },
  }, text)
  return h('span', {}, b, wrong)
}

const two = (n: number) => String(n).padStart(2, '0')

/** when is an instant on the reader's clock. */
export function when(instant: string): string {
  const d = new Date(instant)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`
}

/** since says how long ago an instant was: minutes, hours or days. */
export function since(instant: string, t: Pick<WorkTexts, 'minutes' | 'hours' | 'days'>, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000))
  if (minutes < 60) return `${minutes} ${t.minutes}`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} ${t.hours}` : `${Math.floor(minutes / 1440)} ${t.days}`
}

/** grid is a table with a heading row; numbers names the columns of numbers. */
export function grid(label: string, columns: string[], rows: Child[][], numbers: number[] = []): HTMLElement {
  const of = (i: number) => (numbers.includes(i) ? 'n' : null)
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, h('table', {},
    h('thead', {}, h('tr', {}, columns.map((c, i) => h('th', { scope: 'col', class: of(i) }, c)))),
    h('tbody', {}, rows.map((r) => h('tr', {}, r.map((c, i) => h('td', { class: of(i) }, c)))))))
}

/** facts is a list of names and values; values that are null are left out. */
export function facts(rows: [string, Child][]): HTMLElement {
  const dl = h('dl', { class: 'facts' })
  for (const [name, value] of rows) if (value !== null && value !== undefined && value !== false && value !== '') append(dl, [h('div', {}, h('dt', {}, name), h('dd', {}, value))])
  return dl
}
