// The bar over everything: pages, county, run, who one is, language, sign-out.

import type { Schemas } from './client.ts'
import { append, h } from './dom.ts'
import { pagesOf, type Page } from './pages.ts'
import type { State } from './state.ts'
import { textsIn } from './words.ts'

export interface BarContext {
  me: Schemas['Me']
  counties: Schemas['County'][]
  runs: Schemas['Run'][]
  run: Schemas['Run'] | null
  state: State
  now: Page | null // null = the map
  go(to: Partial<State>): void
  open(county: string, run?: number): void
  speak(language: State['language']): void
  leave(): void
}

/** showBar writes the bar. */
export function showBar(bar: HTMLElement, { me, counties, runs, run, state, now, go, open, speak, leave }: BarContext): void {
  const { language } = state
  const t = textsIn(language)
  const menu = pagesOf(me.role).filter((p) => !p.unlisted)
  const entry = (id: string | undefined, title: string) => h('button', { type: 'button', 'aria-current': now?.id === id ? 'page' : null, onclick: () => go({ page: id as never }) }, title)
  const pick = (label: string, options: [string, string][], chosen: string, onpick: (v: string) => void) =>
    h('label', { class: 'pick' }, h('span', {}, label), h('select', { onchange: (e: Event) => onpick((e.target as HTMLSelectElement).value) }, options.map(([v, text]) => h('option', { value: v, selected: v === chosen }, text))))
  bar.replaceChildren()
  append(bar, [
    h('span', { class: 'brand' }, h('b', {}, 'Parus'), h('span', { lang: 'zh-CN' }, '大山雀')),
    menu.length > 0 && h('nav', { class: 'menu', 'aria-label': t.pages }, entry(undefined, t.mapPage), menu.map((p) => entry(p.id, p.title[language]))),
    pick(t.county, counties.map((c) => [c.code, c.name]), state.county ?? '', (v) => open(v)),
    pick(t.run, runs.map((r) => [String(r.id), `${r.as_of.startsWith(r.season) ? '' : r.season + ' · '}${t.asOf} ${r.as_of}${r.sample ? ` (${t.sample})` : ''}`]), String(run?.id ?? ''), (v) => open(state.county!, Number(v))),
    h('span', { class: 'me' }, h('b', {}, me.name || me.id), ' ', h('span', {}, t.roles[me.role] ?? me.role)),
    h('button', { type: 'button', lang: language === 'zh' ? 'en' : 'zh-CN', onclick: () => speak(language === 'zh' ? 'en' : 'zh') }, t.language),
    h('button', { type: 'button', onclick: () => leave() }, t.signOut)])
}
