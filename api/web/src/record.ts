// From a witness of a finding to the record it names.

import { Problem, type Client, type Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { inUnits } from './numbers.ts'
import { en, sayings, zh } from './record.texts.ts'
import type { Language } from './state.ts'
import { cropsIn } from './words.ts'

/** nameOf is what a record's field is called. */
export function nameOf(field: string, language: Language): string {
  return (language === 'zh' ? zh[field] : en[field]) ?? field.replaceAll('_', ' ')
}

function recordOf(r: Schemas['Recorded'], language: Language): HTMLElement {
  return h('div', { class: 'record' }, h('small', {}, `${sayings[language].from} `, h('code', {}, r.feed)),
    h('dl', {}, r.says.map((f) => [h('dt', {}, nameOf(f.name, language)), h('dd', {}, f.name === 'crop' || f.name === 'crops' ? cropsIn(f.value, language) : inUnits(f.value, language))])))
}

/** toRecords lists witnesses, "policies.csv:12; imagery"; each that is a record opens it below. */
export function toRecords(witnesses: string, client: Client, run: Schemas['Run'], language: Language): Child {
  const t = sayings[language]
  const says = h('div', { 'aria-live': 'polite' })
  let shown = ''
  const open = async (source: string, button: HTMLElement) => {
    const again = shown === source
    shown = again ? '' : source
    for (const b of box.querySelectorAll('button')) b.setAttribute('aria-expanded', String(b === button && !again))
    if (again) return says.replaceChildren()
    says.replaceChildren(t.loading)
    const answer = await client.get('/v1/records', { query: { county: run.county, run: run.id, source } }).then((r) => recordOf(r, language))
      .catch((e: unknown) => (e instanceof Problem && e.status === 404 ? t.none : e instanceof Error ? e.message : String(e)))
    if (shown === source) says.replaceChildren(answer)
  }
  const witness = (source: string): Child => {
    if (!/:./.test(source) || source.startsWith('imagery')) return h('code', {}, source)
    const button: HTMLElement = h('button', { type: 'button', class: 'link', title: t.open, 'aria-expanded': 'false', onclick: () => void open(source, button) }, h('code', {}, source))
    return button
  }
  const box = h('span', {}, witnesses.split('; ').map((w, i) => [i > 0 && '; ', witness(w)]), says)
  return box
}
