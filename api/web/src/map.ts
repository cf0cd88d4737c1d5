// The drawn map: parcels from the service's own tiles on a plain ground.

import { Map as Drawn, NavigationControl, prewarm, ScaleControl, setWorkerUrl, type LayerSpecification, type StyleSpecification, type VectorSourceSpecification } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerURL from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { h } from './dom.ts'
import { graticule, type Box } from './graticule.ts'
import { Pictures, type Picture } from './pictures.ts'
import type { Position } from './state.ts'
import { paintOf, type Land } from './themes.ts'
import type { ThemeID } from './state.ts'

setWorkerUrl(new URL(workerURL, location.href).href)
prewarm() // its worker begins while the run is still asked for

const layer = 'parcels'
const near = 12 // from this zoom on parcels have rims

const sourceOf = (run: number): VectorSourceSpecification => ({ type: 'vector', tiles: [`${location.origin}/v1/tiles/${run}/{z}/{x}/{y}.mvt`], minzoom: 8, maxzoom: 16 })

const within = { padding: 24, maxZoom: 17 } // of land that fills the map
const cornersOf = (b: Box): [number, number, number, number] => [b.west, b.south, b.east, b.north]
const holds = (b: Box, other: Box) => b.west <= other.west && b.east >= other.east && b.south <= other.south && b.north >= other.north

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches
const landOf = (f: { id?: number | string; properties: object }): Land => ({ ...f.properties, id: f.id ?? '' }) as Land

/** View is what a map begins with. */
export interface View {
  run: number
  land: Box | null // all of the run's, if known
  show: Box | Position | null // null = the country
  theme: ThemeID
  breaks: number[]
}

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
  private readonly lines = h('div', { class: 'lines', 'aria-hidden': 'true' })
  private readonly degrees = h('div', { class: 'degrees', 'aria-hidden': 'true' })
  private size = { width: 0, height: 0 } // pixels
  private run = 0 // 0 = none yet
  private land: Box | null = null // all of the run's, if known
  private paint: [ThemeID, number[]] = ['crop', []]
  private chosen = ''
  private hovered = ''
  private opacity = 1 // of the land's colours
  private pictured = false
  private stale = false // what was seen is no longer what is drawn
  private readonly pictures: Pictures

  /** A map that is told at once what it begins with asks for its first tiles at once. */
  constructor(container: HTMLElement, headers: () => Record<string, string>, label: string, private readonly listener: Listener, first?: View) {
    const ask = (url: string) => (url.startsWith(location.origin + '/v1/') ? { url, headers: headers() } : { url })
    const show = first?.show
    this.drawn = new Drawn({
      container, minZoom: 2, maxZoom: 19, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, transformRequest: ask, fadeDuration: 0,
      validateStyle: false, // it is our own
      ...(!show ? { center: [104, 35], zoom: 3 } : 'zoom' in show ? { center: [show.lon, show.lat], zoom: show.zoom } : { bounds: cornersOf(show), fitBoundsOptions: within }),
    })
    this.drawn.touchZoomRotate.disableRotation()
    this.drawn.keyboard.disableRotation()
    this.drawn.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    this.drawn.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left')
    this.drawn.getCanvas().setAttribute('aria-label', label)
    this.pictures = new Pictures(this.drawn, container, ask, (refused) => this.listener.pictured(refused))
    container.prepend(this.lines)
    container.append(this.tip, this.degrees)
    this.ready = new Promise((done) => this.drawn.once('style.load', () => done()))
    this.drawn.on('moveend', () => this.moved())
    this.drawn.on('move', () => this.drawLines())
    this.drawn.on('resize', () => this.measure())
    this.drawn.on('movestart', () => this.drawing())
    this.drawn.on('data', (e) => { if ((e as { sourceId?: string }).sourceId === layer && (e as { tile?: unknown }).tile) this.stale = true })
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
    if (first) {
      this.run = first.run
      this.land = first.land
      this.paint = [first.theme, first.breaks]
    }
    this.drawn.setStyle(this.style())
    this.drawing()
    this.measure()
    if (show && !('zoom' in show)) void this.ready.then(() => this.moved())
  }

  /** style is all that is drawn but imagery, as it is now. */
  private style(): StyleSpecification {
    return {
      version: 8,
      transition: { duration: 0, delay: 0 }, // colours change at once
      sources: this.run ? { [layer]: sourceOf(this.run) } : {},
      layers: this.run ? this.layers() : [],
    }
  }

  /** layers draw the run's land. */
  private layers(): LayerSpecification[] {
    const common = { source: layer, 'source-layer': layer } as const
    return [
      { ...common, id: layer, type: 'fill', paint: { 'fill-color': paintOf(...this.paint) as never, 'fill-opacity': this.opacity } },
      { ...common, id: 'rim', type: 'line', minzoom: near, paint: { 'line-color': '#fbfaf7', 'line-width': ['interpolate', ['linear'], ['zoom'], near, 0, 14, 0.7, 17, 1.5] } },
      { ...common, id: 'hovered', type: 'line', filter: ['==', ['get', 'plot_id'], this.hovered], paint: { 'line-color': '#22302b', 'line-width': 1.2, 'line-dasharray': [2, 1.5] } },
      { ...common, id: 'chosen', type: 'line', filter: ['==', ['get', 'plot_id'], this.chosen], paint: { 'line-color': '#14201b', 'line-width': 2.6 } },
    ]
  }

  /** showRun replaces what is drawn by a run's parcels; land is where all of them lie, if that is known. */
  async showRun(run: number, land: Box | null = null): Promise<void> {
    await this.ready
    this.land = land
    if (this.run === run) return
    this.run = run
    this.drawing()
    const layers = this.layers()
    for (const { id } of layers) if (this.drawn.getLayer(id)) this.drawn.removeLayer(id)
    if (this.drawn.getSource(layer)) this.drawn.removeSource(layer)
    this.drawn.addSource(layer, sourceOf(run))
    for (const l of layers) this.drawn.addLayer(l)
  }

  async colourBy(theme: ThemeID, breaks: number[]): Promise<void> {
    const paint = paintOf(theme, breaks)
    const same = JSON.stringify(paint) === JSON.stringify(paintOf(...this.paint))
    this.paint = [theme, breaks]
    await this.ready
    if (same) return
    this.drawing()
    if (this.drawn.getLayer(layer)) this.drawn.setPaintProperty(layer, 'fill-color', paint as never)
  }

  /** picture draws days under the land, whose colours are then as strong as opacity says (0–1). */
  async picture(first: Picture | null, second: Picture | null, opacity: number, divider: string): Promise<void> {
    await this.ready
    if (!first && !this.pictured && opacity === this.opacity) return
    this.pictured = first !== null
    this.drawing()
    this.opacity = opacity
    if (this.drawn.getLayer(layer)) this.drawn.setPaintProperty(layer, 'fill-opacity', opacity)
    this.pictures.show(first, second, divider)
  }

  async choose(plot: string): Promise<void> {
    const same = plot === this.chosen
    this.chosen = plot
    await this.ready
    if (same) return
    this.drawing()
    if (this.drawn.getLayer('chosen')) this.drawn.setFilter('chosen', ['==', ['get', 'plot_id'], plot])
  }

  jump(at: Position): void {
    this.drawn.jumpTo({ center: [at.lon, at.lat], zoom: at.zoom })
  }

  /** show moves so that a box fills the map, or, with close, is well in view. */
  show(box: Box, close = false): void {
    this.drawn.fitBounds(cornersOf(box), { ...(close ? { padding: 90, maxZoom: 16 } : within), duration: close && !still() ? 600 : 0 })
  }

  /** holds tells whether a box lies in view. */
  holds(box: Box): boolean {
    return holds(this.box(), box) && this.drawn.getZoom() > 13
  }

  resize(): void {
    this.drawn.resize()
  }

  /** drawing marks the map until all of it is drawn. */
  private drawing(): void {
    this.stale = true
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
    const plot = land?.plot_id ?? ''
    if (plot !== this.hovered && this.drawn.getLayer('hovered')) this.drawn.setFilter('hovered', ['==', ['get', 'plot_id'], plot])
    this.hovered = plot
    this.drawn.getCanvas().style.cursor = land ? 'pointer' : ''
    this.tip.hidden = !land
    if (!land || !at) return
    this.tip.textContent = this.listener.describe(land)
    this.tip.style.left = Math.min(at.x + 14, this.size.width - 190) + 'px'
    this.tip.style.top = at.y + 14 + 'px'
  }

  /** look tells what land is in view. Where that is all of it, no outline need be looked at. */
  private look(): void {
    if (!this.stale || !this.drawn.getLayer(layer)) return
    this.stale = false
    const all = this.land !== null && holds(this.box(), this.land)
    this.listener.seen((all ? this.drawn.querySourceFeatures(layer, { sourceLayer: layer }) : this.drawn.queryRenderedFeatures({ layers: [layer] })).map(landOf))
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.drawn.getContainer()
    this.size = { width, height }
    this.drawLines()
  }

  private moved(): void {
    const { lng, lat } = this.drawn.getCenter()
    this.listener.moved({ zoom: this.drawn.getZoom(), lat, lon: lng })
  }

  private box(): Box {
    const b = this.drawn.getBounds()
    return { west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth() }
  }

  /** drawLines draws the graticule under the land, which the canvas shows through, and its degrees above. */
  private drawLines(): void {
    const { width, height } = this.size
    const [lines, labels] = [[] as HTMLElement[], [] as HTMLElement[]]
    for (const l of graticule(this.box())) {
      const { x, y } = this.drawn.project(l.points[0]!)
      lines.push(h('i', { class: l.vertical ? 'meridian' : '', style: l.vertical ? `left:${x}px` : `top:${y}px` }))
      const inside = l.vertical ? x > 40 && x < width - 60 : y > 20 && y < height - 60
      if (inside) labels.push(h('span', { style: l.vertical ? `left:${x + 3}px;top:2px` : `left:3px;top:${y - 16}px` }, l.text))
    }
    this.lines.replaceChildren(...lines)
    this.degrees.replaceChildren(...labels)
  }
}
