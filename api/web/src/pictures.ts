// Pictures of scenes on the drawn map, under the land: one day, or two with a divider between them.

import { Map as Drawn, type RasterTileSource, type StyleSpecification } from 'maplibre-gl'
import { h } from './dom.ts'

const source = 'picture'
const land = 'parcels' // the layer that pictures lie under
const step = 2 // percent that an arrow key moves the divider by

/** Picture is a day in a layer of a run, and where it may lie. */
export interface Picture {
  run: number
  date: string
  layer: string
  bounds: [number, number, number, number] | undefined
}

export const tilesOf = (p: Picture) => `${location.origin}/v1/imagery/${p.run}/${p.date}/${p.layer}/{z}/{x}/{y}.png`

/** mirrored is a map's style with another picture in it. */
export function mirrored(style: StyleSpecification, tiles: string): StyleSpecification {
  const of = style.sources[source]
  return of ? { ...style, sources: { ...style.sources, [source]: { ...of, tiles: [tiles] } as typeof of } } : style
}

/** Pictures draws under the land of a map. failed is told that a picture was refused, and then that one came; one that does not exist (404) is none. */
export class Pictures {
  private shown: Picture | null = null
  private second: Picture | null = null
  private over: Drawn | null = null // the second day, on the right of the divider
  private readonly box = h('div', { class: 'second', hidden: true, 'aria-hidden': 'true' })
  private readonly divider = h('div', { class: 'divider', role: 'slider', tabindex: '0', hidden: true, 'aria-valuemin': '0', 'aria-valuemax': '100' })
  private share = 50 // percent of the map's width that the first day has
  private waiting = false

  constructor(private readonly map: Drawn, container: HTMLElement, private readonly ask: (url: string) => { url: string; headers?: Record<string, string> }, private readonly failed: (refused: boolean) => void) {
    container.append(this.box, this.divider)
    map.on('error', (e) => this.refused(e))
    map.on('data', (e) => { if ((e as { sourceId?: string; tile?: unknown }).sourceId === source && (e as { tile?: unknown }).tile) this.failed(false) })
    map.on('styledata', () => this.mirror())
    map.on('move', () => this.follow())
    map.on('resize', () => this.over?.resize())
    this.divider.addEventListener('pointerdown', (e) => { this.divider.setPointerCapture(e.pointerId); e.preventDefault(); this.divider.focus() })
    this.divider.addEventListener('pointermove', (e) => {
      if (!this.divider.hasPointerCapture(e.pointerId)) return
      const { left, width } = container.getBoundingClientRect()
      this.divide(((e.clientX - left) / width) * 100)
    })
    this.divider.addEventListener('keydown', (e) => {
      const to = { ArrowLeft: this.share - step, ArrowDown: this.share - step, ArrowRight: this.share + step, ArrowUp: this.share + step, Home: 0, End: 100, PageDown: this.share - 10, PageUp: this.share + 10 }[e.key]
      if (to === undefined) return
      e.preventDefault()
      this.divide(to)
    })
    this.divide(50)
  }

  /** show draws a day, and on the right of the divider a second one. The map's style must be there. */
  show(first: Picture | null, second: Picture | null, divider: string): void {
    const before = this.shown
    this.shown = first
    this.second = first && second
    this.divider.setAttribute('aria-label', divider)
    this.divider.setAttribute('aria-valuetext', `${Math.round(this.share)} %, ${first?.date ?? ''} | ${second?.date ?? ''}`)
    if (first && before && first.run === before.run) (this.map.getSource(source) as RasterTileSource | undefined)?.setTiles([tilesOf(first)])
    else {
      if (this.map.getLayer(source)) this.map.removeLayer(source)
      if (this.map.getSource(source)) this.map.removeSource(source)
      if (first) {
        this.map.addSource(source, { type: 'raster', tiles: [tilesOf(first)], tileSize: 512, minzoom: 8, maxzoom: 16, ...(first.bounds ? { bounds: first.bounds } : {}) })
        this.map.addLayer({ id: source, type: 'raster', source, paint: { 'raster-resampling': 'nearest', 'raster-fade-duration': 0 } }, this.map.getLayer(land) ? land : undefined)
      }
    }
    this.box.hidden = this.divider.hidden = !this.second
    this.mirror()
  }

  /** mirror draws the second day as the first, but for its picture, once the map has settled. */
  private mirror(): void {
    if (!this.second) {
      this.over?.remove()
      this.over = null
      return
    }
    if (this.waiting) return
    this.waiting = true
    requestAnimationFrame(() => {
      this.waiting = false
      if (!this.second) return
      const style = mirrored(this.map.getStyle(), tilesOf(this.second))
      if (!this.over) {
        this.over = new Drawn({ container: this.box, style, interactive: false, attributionControl: false, center: this.map.getCenter(), zoom: this.map.getZoom(), minZoom: 2, maxZoom: 19, transformRequest: this.ask })
        this.over.getCanvas().removeAttribute('tabindex')
        this.over.on('error', (e) => this.refused(e))
        this.over.on('idle', () => { this.box.dataset.drawn = this.second?.date ?? '' })
      } else this.over.setStyle(style, { diff: true })
      this.follow()
    })
  }

  private follow(): void {
    this.over?.jumpTo({ center: this.map.getCenter(), zoom: this.map.getZoom() })
  }

  private divide(to: number): void {
    this.share = Math.max(0, Math.min(100, to))
    this.divider.style.left = this.share + '%'
    this.box.style.clipPath = `inset(0 0 0 ${this.share}%)`
    this.divider.setAttribute('aria-valuenow', String(Math.round(this.share)))
    this.divider.setAttribute('aria-valuetext', `${Math.round(this.share)} %, ${this.shown?.date ?? ''} | ${this.second?.date ?? ''}`)
  }

  private refused(e: { error?: unknown; sourceId?: string }): void {
    const status = (e.error as { status?: number } | undefined)?.status
    if (e.sourceId === source && status !== undefined) this.failed(true)
    else if (status === undefined) console.warn(e.error)
  }
}
