// The outline of a claim while it is drawn: corners in longitude and latitude (WGS 84).

export type Corner = [lon: number, lat: number]

/** Fix is one position of a phone. */
export interface Fix {
  lon: number
  lat: number
  accuracy: number // metres
}

/** Walk keeps the positions that are good enough. */
export interface Walk {
  corners: Corner[]
  worst: number // metres, of those kept
  left: number // positions left out
}

const rad = Math.PI / 180
const earth = 6_371_008.8 // metres, mean radius (IUGG R1)

/** metresBetween is the way over the sphere (haversine). */
export function metresBetween(a: Corner, b: Corner): number {
  const h = Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2
  return 2 * earth * Math.asin(Math.min(1, Math.sqrt(h)))
}

const step = 2 // metres: nearer to the last corner than this nothing is added

/** take adds a position to a walk, or leaves it out where it is worse than the bound. */
export function take(walk: Walk, fix: Fix, bound: number): Walk {
  if (!(fix.accuracy <= bound)) return { ...walk, left: walk.left + 1 }
  const at: Corner = [fix.lon, fix.lat]
  const last = walk.corners.at(-1)
  if (last && metresBetween(last, at) < step) return walk
  return { corners: [...walk.corners, at], worst: Math.max(walk.worst, fix.accuracy), left: walk.left }
}

// CGCS2000: half axis in metres and flattening.
const axis = 6_378_137
const flattening = 1 / 298.257222101

/** areaM2 is the area of an outline on the ellipsoid, as the service measures it: latitudes go to the sphere of the
 * same area, there each edge spans a quadrilateral to the equator (Karney 2013, eqs. 58–63). */
export function areaM2(ring: Corner[]): number {
  if (ring.length < 3) return 0
  const e2 = flattening * (2 - flattening)
  const e = Math.sqrt(e2)
  const q = (s: number) => (1 - e2) * (s / (1 - e2 * s * s) + Math.atanh(e * s) / e)
  const qp = q(1)
  const half = (lat: number) => {
    const s = q(Math.sin(lat * rad)) / qp
    return s / (1 + Math.sqrt(Math.max(0, 1 - s * s)))
  }
  let excess = 0
  let a = ring.at(-1)!
  for (const b of ring) {
    const d = b[0] - a[0]
    const [ta, tb] = [half(a[1]), half(b[1])]
    if (d !== 0) excess += 2 * Math.atan2(Math.tan((d * rad) / 2) * (ta + tb), 1 + ta * tb)
    a = b
  }
  return Math.abs((excess * axis * axis * qp) / 2)
}

/** muOf is square metres in mu: 2000/3 m² each. */
export const muOf = (m2: number): number => (m2 * 3) / 2000

/** geometryOf is the outline as the service takes it. */
export function geometryOf(ring: Corner[]): Record<string, unknown> {
  const round = (v: number) => Math.round(v * 1e8) / 1e8
  const corners = ring.map(([lon, lat]) => [round(lon), round(lat)])
  return { type: 'Polygon', coordinates: [[...corners, corners[0]]] }
}

/** cornerOf reads a corner that was typed; null where it is none. */
export function cornerOf(lon: string, lat: string): Corner | null {
  const [x, y] = [lon, lat].map((v) => (v.trim() === '' ? NaN : Number(v.trim())))
  return x! >= -180 && x! <= 180 && y! >= -90 && y! <= 90 ? [x!, y!] : null
}
