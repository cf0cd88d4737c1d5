// What towns and villages are called, where the county's records say it.

import type { Client } from './client.ts'
import { h, type Child } from './dom.ts'

/** Names are by code: towns 9 digits, villages 12. */
export type Names = Readonly<Record<string, string>>

const asked = new WeakMap<Client, Map<number, Promise<Names>>>()

/** namesOf asks once what the places of a run are called; where that fails, by codes alone. */
export function namesOf(client: Client, county: string, run: number): Promise<Names> {
  const of = asked.get(client) ?? new Map<number, Promise<Names>>()
  asked.set(client, of)
  const names = of.get(run) ?? client.get('/v1/places', { query: { county, run } }).then((p) => p.names)
  of.set(run, names)
  return names.catch(() => {
    of.delete(run)
    return {}
  })
}

/** placeName is what a place is called, a village with its town; '' where nothing is known. */
export function placeName(names: Names, code: string): string {
  const village = code.length >= 12 ? names[code.slice(0, 12)] : undefined
  if (code.length >= 12 && !village) return ''
  return (names[code.slice(0, 9)] ?? '') + (village ?? '')
}

/** placesOf are the names of the villages in which parcels lie, by their codes. */
export function placesOf(names: Names, parcels: string[]): string[] {
  return [...new Set(parcels.filter((p) => /^\d{19}$/.test(p)).map((p) => placeName(names, p)))].filter((n) => n !== '').sort()
}

/** place shows a place by its name with its code beside it, or by its code. */
export function place(names: Names, code: string): Child {
  const name = placeName(names, code)
  return name ? [h('span', { lang: 'zh-CN' }, name), ' ', h('small', {}, h('code', {}, code))] : h('code', {}, code)
}
