// Cards of the models that a run used, and of those that the service has.

import './office.css'
import { fact } from './bars.ts'
import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { modelsTexts } from './models.texts.ts'
import { number, percent } from './numbers.ts'
import type { PageContext } from './pages.ts'
import type { Language } from './state.ts'
import { cropWord } from './words.ts'

/** Card is what of a card the page shows (docs/models.md). */
interface Card {
  task: string; file: string; owner: string; licence: string; tested: string; approved?: string; training: string; validity: string; runtimes: string[]
  valid_for?: { regions?: { name: string; bbox: number[] }[]; seasons?: string[]; crops?: string[] }
  in_service?: string[]; experimental?: string[]; known_failures: string[]; notes?: Record<string, string>; metrics?: Record<string, unknown>
  min_dates?: number; min_radar_dates?: number; min_familiarity?: number; min_probability?: number
  calibration?: { method: string; ece: number; on: string }; familiarity?: { method: string; false_alarm: number }; uncertainty?: { rmse: number; relative: number; source: string }
}

/** tree writes nested figures; a group of plain values stands on one line. */
function tree(v: unknown): Child {
  if (v === null || typeof v !== 'object') return typeof v === 'number' && !Number.isInteger(v) ? number(v, Math.abs(v) < 10 ? 3 : 1) : String(v)
  if (Array.isArray(v)) return v.every((x) => x === null || typeof x !== 'object') ? v.map((x) => tree(x)).join(', ') : h('ul', {}, v.map((x) => h('li', {}, tree(x))))
  const entries = Object.entries(v)
  if (entries.every(([, x]) => x === null || typeof x !== 'object')) return entries.map(([k, x]) => `${k.replaceAll('_', ' ')} ${tree(x) as string}`).join(' · ')
  return h('ul', {}, entries.map(([k, x]) => h('li', {}, h('b', {}, k.replaceAll('_', ' ')), ' ', tree(x))))
}

function card(m: Schemas['Model'], open: boolean, language: Language): HTMLElement {
  const t = modelsTexts[language]
  const c = m.card as unknown as Card | undefined
  const head = h('h2', {}, m.name, ' ', h('small', {}, m.version), m.in_run && h('span', { class: 'state in_use' }, t.inRun), c && !c.approved && h('span', { class: 'state refused' }, t.notApproved))
  if (!c) return h('article', { class: 'model-card' }, head, h('p', { class: 'note' }, t.notHere, ' ', h('code', {}, m.sha256)))
  const crops = (codes: string[]) => codes.map((x) => cropWord(x)[language]).join(language === 'zh' ? '、' : ', ')
  const rules = ([[c.min_dates, t.minDates], [c.min_radar_dates, t.minRadar]] as const).filter(([v]) => v).map(([v, text]) => `${v} ${text}`)
    .concat(([[t.minFamiliarity, c.min_familiarity], [t.minProbability, c.min_probability]] as const).filter(([, v]) => v).map(([text, v]) => `${text} ${percent(v!)}`))
  const part = (title: string, ...text: Child[]) => [h('h3', {}, title), h('p', { class: 'figures' }, ...text)]
  return h('article', { class: 'model-card' }, head,
    h('dl', { class: 'facts' }, fact(t.approved, c.approved || '–'), fact(t.tested, c.tested), fact(t.owner, c.owner), fact(t.runtimes, c.runtimes.join(', '))),
    part(t.validity, c.validity),
    c.valid_for?.regions && part(t.regions, c.valid_for.regions.map((r) => r.name).join(' · ')),
    c.valid_for?.seasons && part(t.seasons, c.valid_for.seasons.join(', ')),
    (c.in_service?.length ?? 0) > 0 && part(t.inService, crops(c.in_service!)),
    (c.experimental?.length ?? 0) > 0 && part(t.experimental, crops(c.experimental!)),
    h('h3', {}, t.failures), h('ul', { class: 'said' }, c.known_failures.map((f) => h('li', {}, f))),
    h('details', { open }, h('summary', {}, `${t.figures}, ${t.calibration}, ${t.training}`),
      rules.length > 0 && part(t.rules, rules.join(' · ')),
      c.calibration && part(t.calibration, `${c.calibration.method}; ${t.ece} ${number(c.calibration.ece, 3)}; ${c.calibration.on}`),
      c.familiarity && part(t.familiarity, `${c.familiarity.method}; ${t.falseAlarm} ${percent(c.familiarity.false_alarm)}`),
      c.uncertainty && part(t.uncertainty, `${t.oneSigma} ${c.uncertainty.rmse}, ${c.uncertainty.relative} ${t.ofValue}; ${c.uncertainty.source}`),
      c.metrics && Object.keys(c.metrics).length > 0 && [h('h3', {}, t.figures), h('div', { class: 'figures' }, tree(c.metrics))],
      part(t.training, c.training), part(t.licence, c.licence),
      c.notes && Object.entries(c.notes).map(([k, v]) => part(`${t.notes}: ${k.replaceAll('_', ' ')}`, v)),
      part(t.file, h('code', {}, `${c.file} sha256:${m.sha256}`))))
}

/** modelsPage writes the cards, those of the run first; before them, unfolded, the one that was asked for by name (item). */
export async function modelsPage({ client, county, run, language, item }: PageContext): Promise<HTMLElement> {
  const t = modelsTexts[language]
  const all = run ? await client.get('/v1/models', { query: { county: county.code, run: run.id } }) : []
  return h('div', { class: 'paper' }, h('h1', {}, t.title), h('p', { class: 'lead' }, t.lead), all.length === 0 && h('p', { class: 'note' }, t.none), [...all.filter((m) => m.name === item), ...all.filter((m) => m.name !== item)].map((m) => card(m, m.name === item, language)))
}
