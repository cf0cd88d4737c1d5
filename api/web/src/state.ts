// What is shown stands in the address, behind the #: it can be kept, sent and
// gone back to. Nothing in it names a person.

export type Language = 'en' | 'zh'
export const themes = ['crop', 'grade', 'yield', 'risk', 'outcome'] as const
export type ThemeID = (typeof themes)[number]

export interface Position {
  zoom: number
  lat: number
  lon: number
}

export interface State {
  language: Language
  theme: ThemeID
  county?: string
  run?: number
  plot?: string
  at?: Position
  page?: string // absent = the map
  item?: string // what of the page is open
  layer?: string // of imagery; absent = none is shown
  date?: string // of the imagery; absent = the clearest day
  swipe?: string // the second day, compared with the first
  fill?: number // percent: how strong the land's colours lie over imagery
}

const inRange = (v: number, low: number, high: number) => v >= low && v <= high

/** readState takes from an address's hash what is well formed; the rest is left out. */
export function readState(hash: string, language: Language): State {
  const q = new URLSearchParams(hash.replace(/^#/, ''))
  const state: State = { language, theme: 'crop' }
  const lang = q.get('lang')
  if (lang === 'en' || lang === 'zh') state.language = lang
  const theme = themes.find((t) => t === q.get('theme'))
  if (theme) state.theme = theme
  const county = q.get('county')
  if (county && /^\d{6}$/.test(county)) state.county = county
  const run = Number(q.get('run'))
  if (Number.isInteger(run) && inRange(run, 1, 2 ** 31 - 1)) state.run = run
  const plot = q.get('plot')
  if (plot && /^[\w.-]{1,100}$/.test(plot)) state.plot = plot
  const page = q.get('page')
  if (page && /^[a-z]{1,20}$/.test(page)) state.page = page
  const item = q.get('item')
  if (page && item && /^[\w.:-]{1,100}$/.test(item)) state.item = item
  const layer = q.get('layer')
  if (layer && /^[a-z0-9]{1,20}$/.test(layer)) state.layer = layer
  const day = (name: string) => (/^\d{4}-\d\d-\d\d$/.test(q.get(name) ?? '') ? q.get(name)! : undefined)
  const [date, swipe] = [day('date'), day('swipe')]
  if (date) state.date = date
  if (swipe) state.swipe = swipe
  const fill = Number(q.get('fill') ?? NaN)
  if (inRange(fill, 0, 100)) state.fill = Math.round(fill)
  const at = (q.get('at') ?? '').split('/')
  const [zoom, lat, lon] = at.map((v) => (v.trim() === '' ? NaN : Number(v)))
  if (at.length === 3 && inRange(zoom!, 0, 24) && inRange(lat!, -85, 85) && inRange(lon!, -180, 180)) state.at = { zoom: zoom!, lat: lat!, lon: lon! }
  return state
}

/** writeState is the hash of a state. */
export function writeState(state: State): string {
  const parts: string[] = []
  if (state.at) parts.push(`at=${state.at.zoom.toFixed(2)}/${state.at.lat.toFixed(5)}/${state.at.lon.toFixed(5)}`)
  if (state.county) parts.push('county=' + state.county)
  if (state.run) parts.push('run=' + state.run)
  parts.push('theme=' + state.theme)
  if (state.plot) parts.push('plot=' + encodeURIComponent(state.plot))
  for (const name of ['layer', 'date', 'swipe', 'fill'] as const) if (state[name] !== undefined) parts.push(`${name}=${state[name]}`)
  if (state.page) parts.push('page=' + state.page)
  if (state.page && state.item) parts.push('item=' + encodeURIComponent(state.item))
  parts.push('lang=' + state.language)
  return '#' + parts.join('&')
}
