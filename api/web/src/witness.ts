// What records, people and imagery each say of a plot: its area, where they agree, and who farms it when.

import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { inUnits, number } from './numbers.ts'
import { sightTexts } from './sight.texts.ts'
import { sourced } from './source.ts'
import type { Language } from './state.ts'
import { cropsIn, textsIn } from './words.ts'

type Witnesses = Schemas['Witnesses']
type Agreement = Witnesses['agreements'][number]
const kinds = ['self', 'government', 'partner', 'satellite'] as const

/** verdict of two kinds of witnesses on a subject: they agree, differ, or one says nothing. */
export function verdict(a: Agreement, one: string, other: string): 'agree' | 'differ' | '' {
  const among = (pairs: string[]) => pairs.includes(`${one}-${other}`) || pairs.includes(`${other}-${one}`)
  return among(a.agree) ? 'agree' : among(a.differ) ? 'differ' : ''
}

const two = (v: number | undefined) => (v === undefined ? '–' : number(v, 2))

/** areasTable is the areas by each witness; of the plot, and of all land of its grower where he has more. */
export function areasTable(w: Witnesses, language: Language): HTMLElement {
  const t = sightTexts(language)
  const own = w.areas.find((a) => a.plot_id)
  const rows = own ? [own, ...w.areas.filter((a) => !a.plot_id && (a.parcels > own.parcels || a.claimed_mu !== own.claimed_mu))] : w.areas
  const row = (a: Witnesses['areas'][number]) => {
    const cells: [string, Child][] = [
      ['contract', two(a.contract_mu)], ['transfer', two(a.leased_mu)], ['surveyed', two(a.surveyed_mu)], ['claimed', two(a.claimed_mu ?? a.drawn_mu)], ['seen', two(a.polygon_mu)],
      ['', a.seen_high_mu === undefined ? '–' : `${two(a.seen_low_mu)} – ${two(a.seen_high_mu)}`],
    ]
    return h('tr', {}, h('th', { scope: 'row' }, a.plot_id ? t.thisPlot : `${t.allLand} (${a.parcels})`),
      cells.map(([by, v]) => h('td', { class: a.counted_by.includes(by) ? 'n least' : 'n' }, v)),
      h('td', { class: 'n' }, h('b', {}, two(a.counts_mu)), a.counted_by.length > 0 && h('small', { class: 'by' }, ' ', a.counted_by.map((b) => t.by[b] ?? b).join(', '))))
  }
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.areas }, h('table', { class: 'areas' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.areas), [t.contract, t.leased, t.surveyed, t.claimed, t.polygon, t.seen, t.counts].map((c) => h('th', { scope: 'col', class: 'n' }, c)))),
    h('tbody', {}, rows.map(row))))
}

/** matrix shows for a subject what each kind says and which pairs agree. */
export function matrix(a: Agreement, language: Language): HTMLElement {
  const t = sightTexts(language)
  const says = (k: (typeof kinds)[number]) => (a[k] ? (a.subject === 'crop' ? cropsIn(a[k], language) : inUnits(a[k], language)) : '–')
  const cell = (one: string, other: string): Child => {
    if (one === other) return h('td', { class: 'self' })
    const v = verdict(a, one, other)
    return h('td', { class: v || null }, v === 'agree' ? `✓ ${t.agreesWith}` : v === 'differ' ? `✗ ${t.differsFrom}` : '–')
  }
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': `${t.agree}: ${t.subjects[a.subject] ?? a.subject}` }, h('table', { class: 'matrix' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.subjects[a.subject] ?? a.subject), h('th', { scope: 'col' }, t.says), kinds.map((k) => h('th', { scope: 'col' }, t.kinds[k])))),
    h('tbody', {}, kinds.map((k) => h('tr', {}, h('th', { scope: 'row' }, t.kinds[k]), h('td', {}, says(k)), kinds.map((o) => cell(k, o)))))))
}

/** witnessPart is the four-way area, the evidence matrix and the tenure of a plot. */
export function witnessPart(w: Witnesses | null, grower: string | undefined, language: Language): HTMLElement {
  const t = sightTexts(language)
  const source = textsIn(language).source
  if (!w || w.areas.length + w.agreements.length + w.tenure.length === 0) return h('section', {}, h('h3', {}, t.witnesses), h('p', { class: 'note' }, t.noWitness))
  const who = (s: Witnesses['tenure'][number]) => (!s.grower_id ? t.nobody : s.grower_id === grower ? t.him : [t.other + ' ', h('code', {}, s.grower_id)])
  return h('section', { class: 'witnesses' }, h('h3', {}, t.witnesses),
    w.areas.length > 0 && [h('h4', {}, sourced(t.areas, source, t.srcAreas)), areasTable(w, language)],
    h('h4', {}, sourced(t.agree, source, t.srcAgree)),
    w.agreements.length === 0 ? h('p', { class: 'note' }, t.alone) : w.agreements.map((a) => matrix(a, language)),
    w.tenure.length > 0 && h('details', {}, h('summary', {}, t.tenure), h('p', { class: 'note' }, t.srcTenure),
      h('table', {}, h('thead', {}, h('tr', {}, [t.parcel, t.days, t.by_, t.chain].map((c) => h('th', { scope: 'col' }, c)))),
        h('tbody', {}, w.tenure.map((s) => h('tr', { class: s.conflict ? 'binding' : null }, h('td', {}, h('code', {}, s.parcel_id)), h('td', {}, `${s.from} – ${s.to}`), h('td', {}, who(s), s.leased && ` (${t.leasedShort})`),
          h('td', {}, h('code', {}, s.chain.join(', ') || '–'), s.conflict && h('span', { class: 'line differs' }, s.conflict))))))))
}
