// What a colour on the map means: classes of parcels, for the drawing, the
// legend and the list alike.

import type { ExpressionSpecification } from 'maplibre-gl'
import type { Language, ThemeID } from './state.ts'
import { number } from './numbers.ts'
import { cropWord, textsIn, words, type Word } from './words.ts'

/** Land is what a tile says of a parcel; what is absent is not known. Crowded tiles join parcels of a plot: then it has no parcel_id and area_mu; of far views all that looks alike: then no plot_id either. */
export interface Land {
  id: number | string
  parcel_id?: string
  plot_id?: string
  area_mu?: number
  crop?: string
  grade?: number
  yield?: number
  outcome?: string
  risk?: string
}

/** Class is one entry of a legend. */
export interface Class extends Word {
  code: string
}

export const severities = ['decline', 'refer', 'warn', 'info'] as const
const severityColours = { decline: '#b8524a', refer: '#e0a33a', warn: '#f0e2a0', info: '#a9bdc9' }
const riskNone = '#e4e1da'

const pair = (of: (l: Language) => string) => ({ en: of('en'), zh: of('zh') })
const none = (w: Word): Class => ({ ...w, code: '' })

/** classesOf lists a theme's classes in the legend's order; the last one is "not known". breaks are of yields. */
export function classesOf(theme: ThemeID, breaks: number[] = []): Class[] {
  switch (theme) {
    case 'crop':
      return [...(words.crops as Class[]), { code: '', colour: words.none.blind.colour, ...pair((l) => textsIn(l).cropNone) }]
    case 'grade':
      return [...(words.grades as Class[]), none(words.none.grade)]
    case 'yield':
      return [...yieldClasses(breaks), none(words.none.yield)]
    case 'risk':
      return [
        ...severities.map((s) => ({ code: s, colour: severityColours[s], en: words.severities[s][0]!, zh: words.severities[s][1]! })),
        { code: '', colour: riskNone, ...pair((l) => textsIn(l).riskNone) },
      ]
    case 'outcome':
      return [...(words.outcomes as Class[]), none(words.none.outcome)]
  }
}

function yieldClasses(breaks: number[]): Class[] {
  if (breaks.length === 0) return []
  return [...breaks, Infinity].map((high, i) => {
    const low = breaks[i - 1]
    const text = low === undefined ? '< ' + number(high, 0) : high === Infinity ? '≥ ' + number(low, 0) : number(low, 0) + '–' + number(high, 0)
    return { code: String(i), en: text + ' kg/mu', zh: text + ' 千克/亩', colour: words.yieldRamp[i]! }
  })
}

/** codeOf is the class that a parcel belongs to; '' = not known. */
export function codeOf(theme: ThemeID, land: Land, breaks: number[] = []): string {
  if (theme === 'grade') return land.grade === undefined ? '' : String(land.grade)
  if (theme === 'yield') return land.yield === undefined || breaks.length === 0 ? '' : String(breaks.filter((b) => land.yield! >= b).length)
  return land[theme] ?? ''
}

/** classOf is codeOf with its words and colour. */
export function classOf(theme: ThemeID, land: Land, breaks: number[] = []): Class {
  const code = codeOf(theme, land, breaks)
  const all = classesOf(theme, breaks)
  return all.find((c) => c.code === code) ?? (theme === 'crop' ? { ...cropWord(code), code } : all[all.length - 1]!)
}

/** paintOf is the fill colour of parcels for MapLibre. */
export function paintOf(theme: ThemeID, breaks: number[] = []): ExpressionSpecification | string {
  const all = classesOf(theme, breaks)
  const unknown = all[all.length - 1]!.colour
  if (theme === 'yield') {
    if (breaks.length === 0) return unknown
    const steps = breaks.flatMap((b, i) => [b, all[i + 1]!.colour])
    return ['case', ['has', 'yield'], ['step', ['get', 'yield'], all[0]!.colour, ...steps], unknown] as unknown as ExpressionSpecification
  }
  const cases = all.slice(0, -1).flatMap((c) => [theme === 'grade' ? Number(c.code) : c.code, c.colour])
  const other = theme === 'crop' ? cropWord('other').colour : unknown
  return ['case', ['has', theme], ['match', ['get', theme], ...cases, other], unknown] as unknown as ExpressionSpecification
}

/** yieldBreaks are round sextiles of plots' yields, as the report's. */
export function yieldBreaks(yields: number[]): number[] {
  const v = [...yields].sort((a, b) => a - b)
  const out: number[] = []
  for (let i = 1; i < words.yieldRamp.length && v.length > 0; i++) {
    const at = (i / words.yieldRamp.length) * (v.length - 1)
    const low = v[Math.floor(at)]!
    const b = Math.round((low + (at - Math.floor(at)) * ((v[Math.floor(at) + 1] ?? low) - low)) / 10) * 10
    if (out.length === 0 || b > out[out.length - 1]!) out.push(b)
  }
  return out
}

/** gravestLast orders parcels by their findings. */
export function gravestLast(lands: Land[]): Land[] {
  const gravity = (l: Land) => (l.risk === undefined ? severities.length : severities.indexOf(l.risk as (typeof severities)[number]))
  return [...lands].sort((a, b) => gravity(b) - gravity(a))
}

/** tally sums the area of parcels by class, each parcel once, in the legend's order; mu is NaN where tiles do not say it of every parcel. */
export function tally(theme: ThemeID, lands: Land[], breaks: number[] = []): { of: Class; mu: number }[] {
  const seen = new Map<string, { of: Class; mu: number }>()
  const classes = new Map<string, Class>()
  for (const land of new Map(lands.map((l) => [l.id, l])).values()) {
    const code = codeOf(theme, land, breaks)
    let of = classes.get(code)
    if (!of) classes.set(code, (of = classOf(theme, land, breaks)))
    const row = seen.get(of.code) ?? { of, mu: 0 }
    row.mu += land.area_mu ?? NaN
    seen.set(of.code, row)
  }
  const order = classesOf(theme, breaks).map((c) => c.code)
  const place = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length - 1.5)
  return [...seen.values()].sort((a, b) => place(a.of.code) - place(b.of.code))
}
