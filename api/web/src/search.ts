// Finding a plot by its code, by a parcel's code, or by whose it is.

import { Problem, type Client, type Schemas } from './client.ts'

/** Found is what a search gives: one plot, or people whose land can be asked for. */
export type Found = { plot: string } | { people: Schemas['Person'][] }

/** kindOf tells what a text names: parcel codes have 19 digits, ID numbers 18, phones 11; plots begin with P. */
export function kindOf(text: string): 'land' | 'person' {
  return /^\d{19}$/.test(text) || /^P[0-9a-f]{6,}$/i.test(text) ? 'land' : 'person'
}

/** find looks a text up in a run; null where there is nothing of that name. */
export async function find(client: Client, run: Schemas['Run'], text: string): Promise<Found | null> {
  if (kindOf(text) === 'person') return { people: await client.post('/v1/growers/search', { text }) }
  const asked = { path: { id: text }, query: { run: run.id } }
  try {
    return /^\d/.test(text) ? { plot: (await client.get('/v1/parcels/{id}', asked)).plot_id } : { plot: (await client.get('/v1/plots/{id}', asked)).plot_id }
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null
    throw e
  }
}

/** Holding is a plot with how many parcels and how much land is known of it here. */
export interface Holding {
  plot: string
  parcels: number
  mu: number
}

/** holdings sums parcels by plot, in the order of plots. */
export function holdings(parcels: { plot_id: string; area_mu?: number }[]): Holding[] {
  const by = new Map<string, Holding>()
  for (const p of parcels) {
    const one = by.get(p.plot_id) ?? { plot: p.plot_id, parcels: 0, mu: 0 }
    one.parcels++
    one.mu += p.area_mu ?? NaN
    by.set(p.plot_id, one)
  }
  return [...by.values()].sort((a, b) => (a.plot < b.plot ? -1 : 1))
}

/** landOf lists the plots that a grower farms in a run. */
export async function landOf(client: Client, run: Schemas['Run'], grower: string): Promise<Holding[]> {
  const all: Schemas['Parcel'][] = []
  let cursor: string | undefined
  do {
    const page = await client.get('/v1/parcels', { query: { county: run.county, run: run.id, grower_id: grower, limit: 1000, ...(cursor ? { cursor } : {}) } })
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return holdings(all)
}
