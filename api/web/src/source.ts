// Every number leads to its source: a small button beside it opens where it comes from.

import { h, type Child } from './dom.ts'

let made = 0

/** sourced is a value with its source behind a button; rule ≥ 0 also leads to that line of the trace. */
export function sourced(value: Child, label: string, ...from: Child[]): HTMLElement {
  const id = `source-${++made}`
  const note = h('span', { class: 'source', id, hidden: true }, ...from)
  const button = h('button', {
    type: 'button', class: 'ask', 'aria-expanded': 'false', 'aria-controls': id, 'aria-label': label, title: label,
    onclick: () => {
      note.hidden = !note.hidden
      button.setAttribute('aria-expanded', String(!note.hidden))
    },
  }, 'ⓘ')
  return h('span', { class: 'sourced' }, value, '\u00a0', button, note)
}

/** toRule leads to a line of the trace, which it opens; null where there is none. */
export function toRule(rule: number, text: string): HTMLElement | null {
  if (rule < 0) return null
  return h('button', {
    type: 'button', class: 'link',
    onclick: () => {
      const line = document.getElementById(`rule-${rule}`)
      line?.closest('details')?.setAttribute('open', '')
      line?.scrollIntoView({ block: 'center' })
      line?.focus()
    },
  }, `${text} ${rule + 1}`)
}

/** toDay leads to the imagery of a day; title says which. */
export function toDay(text: string, look: () => void, title: string): HTMLElement {
  return h('button', { type: 'button', class: 'link', title, onclick: look }, text)
}

/** Leads is where sources can lead to beside the trace. */
export interface Leads {
  days: { date: string; clear: number }[]
  /** look shows the imagery of a day. */
  look(date: string): void
  /** card opens a model's card; null where the user has no page of models. */
  card: ((name: string) => void) | null
}

/** toCards leads to the cards of models named in a text, "lai@2.1.0 d1c0, crop 0.2.0"; the text itself where there is no page of them. */
export function toCards(named: string, leads: Leads): Child[] {
  const { card } = leads
  if (!card) return [named]
  return named.split(/,\s*/).map((m, i) => [i > 0 && ', ', h('button', { type: 'button', class: 'link', onclick: () => card(m.split(/[@ ]/)[0]!) }, m)])
}
