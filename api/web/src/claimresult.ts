// What was found of a claim: where it lies, what stands on it, findings, and what the decision would be.

import type { Schemas } from './client.ts'
import type { ClaimTexts } from './claim.texts.ts'
import { decisionPart } from './decision.ts'
import { h } from './dom.ts'
import { inUnits, mu, percent } from './numbers.ts'
import { muOf } from './claimring.ts'
import type { Language } from './state.ts'
import { severities } from './themes.ts'
import { called, checkOf, cropWord } from './words.ts'

type Claim = Schemas['Claim']
type Parcel = Schemas['ClaimedParcel']
type Finding = Schemas['Finding']

export function claimResult(claim: Claim, seesDecisions: boolean, t: ClaimTexts, language: Language): HTMLElement {
  const { says } = claim
  const parts = ([['own', says.own_m2], ['others', says.others_m2], ['outside', says.outside_m2]] as const).filter(([, m2]) => muOf(m2) >= 0.005)
  return h('section', { class: 'result', 'aria-label': t.result },
    h('h2', { tabindex: '-1' }, `${t.result}: ${mu(claim.area_mu, language)}`),
    h('div', { class: 'parts', 'aria-hidden': 'true' }, parts.map(([name, m2]) => h('i', { class: name, style: `width:${(100 * m2) / claim.area_m2}%` }))),
    h('p', { class: 'key' }, parts.map(([name, m2]) => h('span', {}, h('i', { class: name }), `${mu(muOf(m2), language)} ${t[name]}`))),
    h('h3', {}, t.findings), findingList(says.findings, t, language),
    seesDecisions ? decision(claim, t, language) : h('p', { class: 'note' }, t.notYours),
    h('h3', {}, t.land), says.land.length === 0 ? h('p', { class: 'note' }, t.noLand) : landTable(says.land, t, language),
    says.standing.length > 0 && h('details', {}, h('summary', {}, `${t.standing} (${says.standing.length})`), findingList(says.standing, t, language)),
    says.notes.length > 0 && [h('h3', {}, t.notes), h('ul', { class: 'reasons' }, says.notes.map((n) => h('li', {}, language === 'zh' ? n.zh : n.en)))])
}

function decision(claim: Claim, t: ClaimTexts, language: Language): HTMLElement {
  if (!claim.decision) return h('p', { class: 'note' }, t.notApplied)
  return h('div', {}, h('h3', {}, t.preview), h('p', { class: 'note' }, t.previewNote), decisionPart(claim.decision, claim.decision.plots[0] ?? '', language))
}

function findingList(findings: Finding[], t: ClaimTexts, language: Language): HTMLElement {
  if (findings.length === 0) return h('p', { class: 'note' }, t.none)
  const gravity = (f: Finding) => (severities as readonly string[]).indexOf(f.severity)
  return h('ul', { class: 'findings' }, [...findings].sort((a, b) => gravity(a) - gravity(b)).map((f) => {
    const check = checkOf(f.code, language)
    return h('li', { class: 'finding' }, h('span', { class: `severity ${f.severity}` }, called('severities', f.severity, language)),
      h('div', {}, check && h('b', {}, check.what), h('p', {}, inUnits(language === 'zh' ? f.detail_zh : f.detail, language)),
        check && h('p', { class: 'note' }, `${t.mends}: ${check.remedy}`),
        h('p', { class: 'note' }, h('code', {}, f.code), f.parcel_id && [' · ', h('code', {}, f.parcel_id)])))
  }))
}

function landTable(land: Parcel[], t: ClaimTexts, language: Language): HTMLElement {
  const crop = (code: string) => cropWord(code)[language]
  const seen = (p: Parcel) => (p.bright_cover ? t.bright : p.seen ? `${crop(p.seen)}${p.probability ? ` ${percent(p.probability)}` : ''}` : p.plot_id && p.assessable ? t.bare : t.notSeen)
  const held = (p: Parcel) => [t.by[p.farmed_by], p.leased && ` (${p.until ? `${t.leasedUntil} ${p.until}` : t.leased})`]
  const use = (p: Parcel) => [p.use && (t.uses[p.use] ?? p.use), p.basic_farmland && t.basic].filter(Boolean).join(' · ')
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.land }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.parcel), h('th', { scope: 'col', class: 'n' }, t.area), h('th', { scope: 'col', class: 'n' }, t.ofParcel), [t.farmedBy, t.seen, t.declared].map((x) => h('th', { scope: 'col' }, x)))),
    h('tbody', {}, land.map((p) => h('tr', {},
      h('th', { scope: 'row' }, h('code', {}, p.parcel_id), use(p) && h('span', { class: 'note line' }, use(p))),
      h('td', { class: 'n' }, mu(muOf(p.area_m2), language)), h('td', { class: 'n' }, percent(p.of_parcel)),
      h('td', { class: p.farmed_by === 'claimant' ? null : 'differs' }, held(p)), h('td', {}, seen(p)), h('td', {}, p.declared.map(crop).join(', ') || '–'))))))
}
