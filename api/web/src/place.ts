// Where land lies, from the polygons that the service gives.

import type { Client, Schemas } from './client.ts'
import type { Box } from './graticule.ts'

/** boxOf bounds a GeoJSON geometry; null where it has no points. */
export function boxOf(geometry: unknown): Box | null {
  const box: Box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
  const walk = (v: unknown): void => {
    if (!Array.isArray(v)) return
    const [lon, lat] = v as unknown[]
    if (typeof lon === 'number' && typeof lat === 'number') {
      box.west = Math.min(box.west, lon)
      box.east = Math.max(box.east, lon)
      box.south = Math.min(box.south, lat)
      box.north = Math.max(box.north, lat)
    } else v.forEach(walk)
  }
  walk((geometry as { coordinates?: unknown } | undefined)?.coordinates)
  return box.west <= box.east ? box : null
}

/** union bounds all boxes; null where there are none. */
export function union(boxes: (Box | null)[]): Box | null {
  const some = boxes.filter((b) => b !== null)
  if (some.length === 0) return null
  return {
    west: Math.min(...some.map((b) => b.west)), south: Math.min(...some.map((b) => b.south)),
    east: Math.max(...some.map((b) => b.east)), north: Math.max(...some.map((b) => b.north)),
  }
}

const asked = 8 // parcels whose polygons are asked for to find a plot

/** plotBox bounds a plot, from its first and last parcels where it has many. */
export async function plotBox(client: Client, run: Schemas['Run'], parcels: string[]): Promise<Box | null> {
  const some = parcels.length <= asked ? parcels : [...parcels.slice(0, asked / 2), ...parcels.slice(-asked / 2)]
  return union(await Promise.all(some.map(async (id) => boxOf((await client.get('/v1/parcels/{id}', { path: { id }, query: { run: run.id } })).geometry))))
}

/** landOfRun bounds all of a run's land; null where the service does not say it. */
export function landOfRun(run: Schemas['Run']): Box | null {
  const [west, south, east, north] = run.bbox ?? []
  return west === undefined || south === undefined || east === undefined || north === undefined ? null : { west, south, east, north }
}

/** runBox is landOfRun, or bounds parcels spread over the run's list. */
export async function runBox(client: Client, run: Schemas['Run']): Promise<Box | null> {
  const said = landOfRun(run)
  if (said) return said
  const page = await client.get('/v1/parcels', { query: { county: run.county, run: run.id, limit: 1000 } })
  const step = Math.max(1, Math.floor(page.items.length / asked))
  return plotBox(client, run, page.items.filter((_, i) => i % step === 0).map((p) => p.parcel_id))
}
