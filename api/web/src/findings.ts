// What the cross-checks found about a plot's land and its grower.

import type { Client, Schemas } from './client.ts'
import { h } from './dom.ts'
import { inUnits } from './numbers.ts'
import { toRecords } from './record.ts'
import { sourced } from './source.ts'
import type { Language } from './state.ts'
import { severities } from './themes.ts'
import { called, checkOf, textsIn } from './words.ts'

type Finding = Schemas['Finding']

/** placeOf says whether a finding is on this plot's land, on the grower himself, or on his other land. */
export function placeOf(f: Finding, plot: Schemas['Plot']): 'onPlot' | 'onGrower' | 'elsewhere' {
  if (!f.parcel_id) return 'onGrower'
  return f.parcel_id === plot.plot_id || plot.parcels.includes(f.parcel_id) ? 'onPlot' : 'elsewhere'
}

const gravity = (f: Finding) => (severities as readonly string[]).indexOf(f.severity)

export function findingsPart(findings: Finding[], plot: Schemas['Plot'], run: Schemas['Run'], client: Client, language: Language): HTMLElement {
  const t = textsIn(language)
  const sorted = [...findings].sort((a, b) => gravity(a) - gravity(b))
  const item = (f: Finding) => {
    const check = checkOf(f.code, language)
    const detail = language === 'zh' ? f.detail_zh : f.detail
    const says = check && !detail.startsWith(check.what) ? h('b', {}, check.what) : null
    return h('li', { class: 'finding' },
      h('span', { class: `severity ${f.severity}` }, called('severities', f.severity, language)),
      h('div', {},
        says,
        h('p', {}, sourced(says ? detail : h('b', {}, detail), t.source, t.srcWitness, f.witnesses ? toRecords(f.witnesses, client, run, language) : '–', f.numbers && [h('br'), t.numbers + ': ', inUnits(f.numbers, language)])),
        check && h('p', { class: 'note' }, `${t.whatMends}: ${check.remedy}`),
        h('p', { class: 'note' }, h('code', {}, f.code), f.parcel_id && [' · ', h('code', {}, f.parcel_id)])))
  }
  const part = (place: ReturnType<typeof placeOf>) => {
    const some = sorted.filter((f) => placeOf(f, plot) === place)
    if (some.length === 0) return null
    const list = h('ul', { class: 'findings' }, some.map(item))
    return place === 'elsewhere' ? h('details', {}, h('summary', {}, `${t[place]} (${some.length})`), list) : [h('h4', {}, `${t[place]} (${some.length})`), list]
  }
  return h('section', {}, h('h3', {}, t.findings), findings.length === 0 ? h('p', { class: 'note' }, t.noFindings) : [part('onPlot'), part('onGrower'), part('elsewhere')])
}
