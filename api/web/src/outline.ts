// The outline of land as a small picture: longitudes are drawn narrower by the cosine of the latitude.

import { s } from './dom.ts'

type Ring = [number, number][]

/** ringsOf are the outer and inner rings of GeoJSON polygons. */
export function ringsOf(geometry: unknown): Ring[] {
  const g = geometry as { type?: string; coordinates?: unknown } | undefined
  if (g?.type === 'Polygon') return g.coordinates as Ring[]
  return g?.type === 'MultiPolygon' ? (g.coordinates as Ring[][]).flat() : []
}

/** outlinePath fits rings into a box of so many units, north up; metres are the ground's width of one unit. */
export function outlinePath(rings: Ring[], width: number, height: number): { path: string; metres: number } {
  const all = rings.flat()
  const [lons, lats] = [all.map((p) => p[0]), all.map((p) => p[1])]
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)]
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = Math.min(width / Math.max((east - west) * narrow, 1e-9), height / Math.max(north - south, 1e-9))
  const dx = (width - (east - west) * narrow * scale) / 2
  const dy = (height - (north - south) * scale) / 2
  const path = rings.map((r) => 'M' + r.map(([lon, lat]) => `${(dx + (lon - west) * narrow * scale).toFixed(1)} ${(dy + (north - lat) * scale).toFixed(1)}`).join('L') + 'Z').join('')
  return { path, metres: 111_320 / scale }
}

/** drawOutline draws parcels with a bar of a round length. */
export function drawOutline(geometries: unknown[], label: string, north: string): SVGElement {
  const size = { w: 200, h: 170, edge: 10 }
  const rings = geometries.flatMap(ringsOf)
  const picture = s('svg', { viewBox: `0 0 ${size.w} ${size.h}`, class: 'outline', role: 'img', 'aria-label': label })
  if (rings.length === 0) return picture
  const { path, metres } = outlinePath(rings, size.w - 2 * size.edge, size.h - 2 * size.edge - 16)
  const bar = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000].findLast((m) => m / metres < size.w / 2.5) ?? 10
  picture.append(s('path', { class: 'land', d: path, transform: `translate(${size.edge} ${size.edge})`, 'fill-rule': 'evenodd' }),
    s('path', { class: 'scale', d: `M${size.edge} ${size.h - 8}v4h${(bar / metres).toFixed(1)}v-4` }), s('text', { x: size.edge + bar / metres + 5, y: size.h - 3 }, `${bar} m`),
    s('text', { x: size.w - 12, y: 14, 'text-anchor': 'middle' }, `↑${north}`))
  return picture
}
