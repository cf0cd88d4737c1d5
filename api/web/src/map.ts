// The drawn map: parcels from the service's own tiles on a plain ground.

import { Map as Drawn, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerURL from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { h } from './dom.ts'
import { graticule, type Box } from './graticule.ts'
import { Pictures, type Picture } from './pictures.ts'
import type { Position } from './state.ts'
import { paintOf, type Land } from './themes.ts'
import type { ThemeID } from './state.ts'

setWorkerUrl(new URL(workerURL, location.href).href)

const layer = 'parcels'
const style: StyleSpecification = {
  version: 8,
  transition: { duration: 0, delay: 0 }, // colours change at once
  sources: { lines: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
  layers: [
    { id: 'ground', type: 'background', paint: { 'background-color': '#fbfaf7' } },
    { id: 'lines', type: 'line', source: 'lines', paint: { 'line-color': '#dedacd', 'line-width': 1 } },
  ],
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches
const landOf = (f: { id?: number | string; properties: object }): Land => ({ ...f.properties, id: f.id ?? '' }) as Land

export interface Listener {
  moved(at: Position): void
  picked(land: Land & { plot_id: string }): void
  seen(lands: Land[]): void
  /** describe is the text beside the pointer. */
  describe(land: Land): string
  /** pictured tells whether a picture was refused; one that comes ends it. */
  pictured(refused: boolean): void
}

/** CountyMap shows one run at a time. */
export class CountyMap {
  readonly drawn: Drawn
  private readonly ready: Promise<void>
  private readonly tip = h('div', { class: 'tip', hidden: true })
  private readonly edge = h('div', { class: 'degrees', 'aria-hidden': 'true' })
  private paint: [ThemeID, number[]] = ['crop', []]
  private chosen = ''
  private opacity = 1 // of the land's colours
  private readonly pictures: Pictures

  constructor(container: HTMLElement, headers: () => Record<string, string>, label: string, private readonly listener: Listener) {
    const ask = (url: string) => (url.startsWith(location.origin + '/v1/') ? { url, headers: headers() } : { url })
    this.drawn = new Drawn({
      container, style, center: [104, 35], zoom: 3, minZoom: 2, maxZoom: 19, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      transformRequest: ask, fadeDuration: 0,
    })
    this.drawn.touchZoomRotate.disableRotation()
    this.drawn.keyboard.disableRotation()
    this.drawn.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    this.drawn.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left')
    this.drawn.getCanvas().setAttribute('aria-label', label)
    this.pictures = new Pictures(this.drawn, container, ask, (refused) => this.listener.pictured(refused))
    container.append(this.tip, this.edge)
    this.ready = new Promise((done) => this.drawn.once('load', () => done()))
    this.drawn.on('moveend', () => {
      const { lng, lat } = this.drawn.getCenter()
      this.drawLines()
      this.listener.moved({ zoom: this.drawn.getZoom(), lat, lon: lng })
    })
    this.drawn.on('move', () => this.drawDegrees())
    this.drawn.on('resize', () => this.drawDegrees())
    this.drawn.on('movestart', () => this.drawing())
    this.drawn.on('idle', () => {
      this.look()
      delete container.dataset.drawing
    })
    this.drawn.on('mousemove', (e) => this.point(e.point))
    this.drawn.on('mouseout', () => this.point(null))
    this.drawn.on('click', (e) => {
      const land = this.landAt(e.point)
      if (land?.plot_id) this.listener.picked({ ...land, plot_id: land.plot_id })
      else if (land) this.drawn.easeTo({ center: e.lngLat, zoom: this.drawn.getZoom() + 2, duration: still() ? 0 : 600 })
    })
    void this.ready.then(() => this.drawLines())
  }

  /** showRun replaces what is drawn by a run's parcels. */
  async showRun(run: number): Promise<void> {
    await this.ready
    this.drawing()
    for (const id of ['hovered', 'chosen', 'rim', layer]) if (this.drawn.getLayer(id)) this.drawn.removeLayer(id)
    if (this.drawn.getSource(layer)) this.drawn.removeSource(layer)
    this.drawn.addSource(layer, { type: 'vector', tiles: [`${location.origin}/v1/tiles/${run}/{z}/{x}/{y}.mvt`], minzoom: 8, maxzoom: 16 })
    const common = { source: layer, 'source-layer': layer } as const
    this.drawn.addLayer({ ...common, id: layer, type: 'fill', paint: { 'fill-color': paintOf(...this.paint) as never, 'fill-antialias': true, 'fill-opacity': this.opacity } })
    this.drawn.addLayer({ ...common, id: 'rim', type: 'line', paint: { 'line-color': '#fbfaf7', 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 0, 14, 0.7, 17, 1.5] } })
    this.drawn.addLayer({ ...common, id: 'hovered', type: 'line', filter: ['==', ['get', 'plot_id'], ''], paint: { 'line-color': '#22302b', 'line-width': 1.2, 'line-dasharray': [2, 1.5] } })
    this.drawn.addLayer({ ...common, id: 'chosen', type: 'line', filter: ['==', ['get', 'plot_id'], this.chosen], paint: { 'line-color': '#14201b', 'line-width': 2.6 } })
  }

  async colourBy(theme: ThemeID, breaks: number[]): Promise<void> {
    this.paint = [theme, breaks]
    await this.ready
    this.drawing()
    if (this.drawn.getLayer(layer)) this.drawn.setPaintProperty(layer, 'fill-color', paintOf(theme, breaks) as never)
  }

  /** picture draws days under the land, whose colours are then as strong as opacity says (0–1). */
  async picture(first: Picture | null, second: Picture | null, opacity: number, divider: string): Promise<void> {
    await this.ready
    this.drawing()
    this.opacity = opacity
    if (this.drawn.getLayer(layer)) this.drawn.setPaintProperty(layer, 'fill-opacity', opacity)
    this.pictures.show(first, second, divider)
  }

  async choose(plot: string): Promise<void> {
    this.chosen = plot
    await this.ready
    this.drawing()
    if (this.drawn.getLayer('chosen')) this.drawn.setFilter('chosen', ['==', ['get', 'plot_id'], plot])
  }

  jump(at: Position): void {
    this.drawn.jumpTo({ center: [at.lon, at.lat], zoom: at.zoom })
  }

  /** show moves so that a box fills the map, or, with close, is well in view. */
  show(box: Box, close = false): void {
    this.drawn.fitBounds([box.west, box.south, box.east, box.north], { padding: close ? 90 : 24, maxZoom: close ? 16 : 17, duration: close && !still() ? 600 : 0 })
  }

  /** holds tells whether a box lies in view. */
  holds(box: Box): boolean {
    const b = this.drawn.getBounds()
    return b.getWest() <= box.west && b.getEast() >= box.east && b.getSouth() <= box.south && b.getNorth() >= box.north && this.drawn.getZoom() > 13
  }

  resize(): void {
    this.drawn.resize()
  }

  /** drawing marks the map until all of it is drawn. */
  private drawing(): void {
    this.drawn.getContainer().dataset.drawing = ''
    this.drawn.triggerRepaint()
  }

  private landAt(point: { x: number; y: number }): Land | null {
    if (!this.drawn.getLayer(layer)) return null
    const [found] = this.drawn.queryRenderedFeatures([point.x, point.y], { layers: [layer] })
    return found ? landOf(found) : null
  }

  private point(at: { x: number; y: number } | null): void {
    const land = at && this.landAt(at)
    if (this.drawn.getLayer('hovered')) this.drawn.setFilter('hovered', ['==', ['get', 'plot_id'], land?.plot_id ?? ''])
    this.drawn.getCanvas().style.cursor = land ? 'pointer' : ''
    this.tip.hidden = !land
    if (!land || !at) return
    this.tip.textContent = this.listener.describe(land)
    const { width } = this.drawn.getContainer().getBoundingClientRect()
    this.tip.style.left = Math.min(at.x + 14, width - 190) + 'px'
    this.tip.style.top = at.y + 14 + 'px'
  }

  private look(): void {
    if (!this.drawn.getLayer(layer)) return
    this.listener.seen(this.drawn.queryRenderedFeatures({ layers: [layer] }).map(landOf))
  }

  private box(): Box {
    const b = this.drawn.getBounds()
    return { west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth() }
  }

  private drawLines(): void {
    const source = this.drawn.getSource('lines') as GeoJSONSource | undefined
    source?.setData({ type: 'FeatureCollection', features: graticule(this.box()).map((l) => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: l.points } })) })
    this.drawDegrees()
  }

  private drawDegrees(): void {
    const { width, height } = this.drawn.getContainer().getBoundingClientRect()
    const labels = graticule(this.box()).map((l) => {
      const { x, y } = this.drawn.project(l.points[0]!)
      const inside = l.vertical ? x > 40 && x < width - 60 : y > 20 && y < height - 60
      return inside && h('span', { style: l.vertical ? `left:${x + 3}px;top:2px` : `left:3px;top:${y - 16}px` }, l.text)
    })
    this.edge.replaceChildren(...labels.filter((l) => l !== false))
  }
}
