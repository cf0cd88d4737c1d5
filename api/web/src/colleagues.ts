// What those are called who did something, by the IDs under which it is kept.

import type { Client, Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import type { Language } from './state.ts'
import { textsIn } from './words.ts'

/** Who says who stands behind an ID; '–' where there is none. */
export type Who = (id: string | undefined) => Child

/** colleaguesOf knows a county's people by name and role; where they cannot be asked for, by ID, and the reader himself always. */
export async function colleaguesOf(client: Client, me: Schemas['Me'], county: string, language: Language): Promise<Who> {
  const all = await client.get('/v1/colleagues', { query: { county } }).catch(() => [])
  const known = new Map<string, { name: string; role: string }>([...all, me].map((c) => [c.id, c]))
  const roles = textsIn(language).roles
  return (id) => {
    if (!id) return '–'
    const c = known.get(id)
    return c?.name ? h('span', { title: id }, c.name, ' ', h('small', { class: 'note' }, roles[c.role] ?? c.role)) : id
  }
}
