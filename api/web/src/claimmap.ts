// The map on which a claim is drawn: parcels as on the officer's map, and the outline with corners that can be dragged.

import type { GeoJSONSource, MapMouseEvent, MapTouchEvent } from 'maplibre-gl'
import type { Client, Schemas } from './client.ts'
import type { Corner } from './claimring.ts'
import { h } from './dom.ts'
import { CountyMap } from './map.ts'
import { runBox } from './place.ts'

const near = 16 // pixels: a tap so close to a corner is meant for it

type Shape = { type: 'Point'; coordinates: Corner } | { type: 'LineString'; coordinates: Corner[] } | { type: 'Polygon'; coordinates: Corner[][] }

export interface Drawer {
  /** tapped is told where nothing is drawn yet; first says that the first corner was tapped. */
  tapped(at: Corner, first: boolean): void
  moved(corner: number, to: Corner): void
  mayDrag(): boolean
}

/** ClaimMap shows the outline of one claim. */
export class ClaimMap {
  readonly box = h('div', { class: 'ground claim-map' })
  private map: CountyMap | null = null
  private corners: Corner[] = []
  private closed = false
  private dragged: number | null = null

  constructor(client: Client, run: Schemas['Run'], label: string, unable: string, private readonly drawer: Drawer, left: AbortSignal) {
    try {
      this.map = new CountyMap(this.box, () => client.headers(), label, { moved: () => {}, picked: () => {}, seen: () => {}, pictured: () => {}, describe: (land) => land.plot_id ?? '' })
    } catch {
      this.box.append(h('p', { class: 'wrong message' }, unable))
      return
    }
    const { drawn } = this.map
    left.addEventListener('abort', () => drawn.remove())
    drawn.doubleClickZoom.disable()
    drawn.on('click', (e) => {
      const at = this.cornerAt(e.point)
      if (at !== null && at !== 0) return
      this.drawer.tapped([e.lngLat.lng, e.lngLat.lat], at === 0)
    })
    for (const began of ['mousedown', 'touchstart'] as const) drawn.on(began, (e) => this.begin(e))
    for (const move of ['mousemove', 'touchmove'] as const) drawn.on(move, (e) => this.drag(e))
    for (const end of ['mouseup', 'touchend', 'touchcancel'] as const) drawn.on(end, () => this.end())
    this.open(client, run, left).catch((e: unknown) => { if (!left.aborted) throw e })
  }

  private async open(client: Client, run: Schemas['Run'], left: AbortSignal): Promise<void> {
    const map = this.map!
    const box = await runBox(client, run)
    while (!this.box.isConnected && !left.aborted) await new Promise(requestAnimationFrame) // before it stands in the page it has no size
    if (left.aborted) return
    map.resize()
    if (box && this.corners.length === 0) map.show(box)
    await map.showRun(run.id)
    await map.colourBy('crop', [])
    if (left.aborted) return
    const source = { type: 'geojson', data: this.data() } as const
    map.drawn.addSource('claim', source)
    map.drawn.addLayer({ id: 'claim-land', source: 'claim', type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': '#14201b', 'fill-opacity': 0.16 } })
    map.drawn.addLayer({ id: 'claim-line', source: 'claim', type: 'line', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': '#14201b', 'line-width': 2.5 } })
    map.drawn.addLayer({ id: 'claim-corners', source: 'claim', type: 'circle', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': ['case', ['get', 'first'], 8, 6], 'circle-color': '#fff', 'circle-stroke-color': '#14201b', 'circle-stroke-width': 2.5 } })
    if (this.corners.length > 0) this.look()
  }

  /** show draws the outline. */
  show(corners: Corner[], closed: boolean): void {
    this.corners = corners
    this.closed = closed
    const source = this.map?.drawn.getSource('claim') as GeoJSONSource | undefined
    source?.setData(this.data())
  }

  /** look brings the outline, or a position, into view. */
  look(at: Corner[] = this.corners): void {
    if (at.length === 0 || !this.map) return
    const [lons, lats] = [at.map((c) => c[0]), at.map((c) => c[1])]
    this.map.show({ west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) }, true)
  }

  private data() {
    const feature = (geometry: Shape, properties = {}) => ({ type: 'Feature' as const, properties, geometry })
    const out: ReturnType<typeof feature>[] = this.corners.map((c, i) => feature({ type: 'Point', coordinates: c }, { first: i === 0 && !this.closed }))
    const ring = [...this.corners, this.corners[0]!]
    if (this.closed && this.corners.length >= 3) out.unshift(feature({ type: 'Polygon', coordinates: [ring] }), feature({ type: 'LineString', coordinates: ring }))
    else if (this.corners.length >= 2) out.unshift(feature({ type: 'LineString', coordinates: this.corners }))
    return { type: 'FeatureCollection' as const, features: out }
  }

  private cornerAt(point: { x: number; y: number }): number | null {
    let [best, least] = [null as number | null, near]
    this.corners.forEach((c, i) => {
      const p = this.map!.drawn.project(c)
      const far = Math.hypot(p.x - point.x, p.y - point.y)
      if (far < least) [best, least] = [i, far]
    })
    return best
  }

  private begin(e: MapMouseEvent | MapTouchEvent): void {
    if (!this.drawer.mayDrag() || ('points' in e && e.points.length > 1)) return
    this.dragged = this.cornerAt(e.point)
    if (this.dragged !== null) e.preventDefault() // the map stays where it is
  }

  private drag(e: MapMouseEvent | MapTouchEvent): void {
    if (this.dragged === null) return
    e.preventDefault()
    this.drawer.moved(this.dragged, [e.lngLat.lng, e.lngLat.lat])
  }

  private end(): void {
    this.dragged = null
  }
}
