// Who claims: found by exact name, number or phone, shown masked.

import { Problem, type Client, type Schemas } from './client.ts'
import type { ClaimTexts } from './claim.texts.ts'
import { h } from './dom.ts'

export interface Grower {
  id: string
  shown: string // masked
}

/** growerPicker lets one choose a grower; changed is told who, or null. */
export function growerPicker(client: Client, now: Grower | null, t: ClaimTexts, changed: (g: Grower | null) => void): HTMLElement {
  const box = h('div', {})
  const search = (): void => {
    const field = h('input', { type: 'search', id: 'claim-grower', autocomplete: 'off', maxlength: '100', 'aria-label': t.growerSearch, placeholder: t.growerSearch })
    const found = h('div', { class: 'people', role: 'status' })
    const ask = async (e: Event) => {
      e.preventDefault()
      if (!field.value.trim()) return
      try {
        const people = await client.post('/v1/growers/search', { text: field.value.trim() })
        const button = (p: Schemas['Person']) => h('button', { type: 'button', onclick: () => choose({ id: p.grower_id, shown: [p.name, p.number].filter(Boolean).join(' ') }) }, [p.name, p.number].filter(Boolean).join(' '))
        found.replaceChildren(...(people.length ? people.map(button) : [h('p', { class: 'note' }, t.nobody)]))
      } catch (e) {
        found.replaceChildren(h('p', { class: 'wrong' }, `${t.failed}: ${e instanceof Problem ? e.message : String(e)}`))
      }
    }
    box.replaceChildren(h('form', { class: 'row', onsubmit: ask }, field, h('button', { type: 'submit' }, t.search)), found)
  }
  const choose = (g: Grower): void => {
    box.replaceChildren(h('p', { class: 'row' }, `${t.chosen}: `, h('b', {}, g.shown), h('code', {}, g.id), h('button', { type: 'button', onclick: () => { changed(null); search(); box.querySelector('input')?.focus() } }, t.another)))
    changed(g)
  }
  now ? choose(now) : search()
  return box
}
