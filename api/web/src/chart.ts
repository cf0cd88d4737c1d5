// The season of a plot as curves: NDVI on the left axis, LAI on the right. Lines
// break where nothing was observed; what stands there is drawn faint, as filled in.

import { s } from './dom.ts'
import type { Schemas } from './client.ts'
import { dayNumber } from './numbers.ts'
import { cropWord } from './words.ts'

export interface Step {
  date: string
  day: number // middle of the ten days, since 1970
  seen: boolean
  ndvi: number | null
  lai: number | null
}

/** stepsOf turns a series' arrays into steps; a step is seen where its weight is over 0. */
export function stepsOf(series: Schemas['Series']): Step[] {
  const at = (name: string, i: number) => series.values[name]?.[i] ?? null
  return series.dates.map((date, i) => ({ date, day: dayNumber(date) + 4.5, seen: (at('weight', i) ?? 0) > 0, ndvi: at('ndvi', i), lai: at('lai', i) }))
}

/** runsOf are the stretches of steps with a value, of those observed only or of all. */
export function runsOf(steps: Step[], value: (p: Step) => number | null, seenOnly: boolean): [number, number][][] {
  const out: [number, number][][] = []
  let run: [number, number][] = []
  for (const p of steps) {
    const v = value(p)
    if (v === null || (seenOnly && !p.seen)) {
      if (run.length > 0) out.push(run)
      run = []
    } else run.push([p.day, v])
  }
  return run.length > 0 ? [...out, run] : out
}

/** niceTop is the next round value for the top of an axis. */
export function niceTop(v: number): number {
  return [1, 2, 4, 6, 8, 10].find((t) => t >= v) ?? Math.ceil(v)
}

const size = { w: 480, h: 200, left: 30, right: 30, top: 10, bottom: 22 }

/** drawSeason draws the curves; label is read out in place of the picture. */
export function drawSeason(steps: Step[], cycles: Schemas['Cycle'][], asOf: string | undefined, label: string): SVGElement {
  const days = steps.map((p) => p.day)
  const first = Math.min(...days) - 4.5
  const last = Math.max(...days, ...cycles.map((c) => dayNumber(c.harvest_p75)).filter((d) => d < Math.max(...days) + 92)) + 5
  const topLAI = niceTop(Math.max(1, ...steps.map((p) => p.lai ?? 0)))
  const x = (d: number) => size.left + ((d - first) / (last - first)) * (size.w - size.left - size.right)
  const y = (v: number) => size.h - size.bottom - v * (size.h - size.top - size.bottom)
  const base = size.h - size.bottom
  const path = (run: [number, number][], top: number) => 'M' + run.map(([d, v]) => `${x(d).toFixed(1)} ${y(Math.max(0, Math.min(1, v / top))).toFixed(1)}`).join('L')
  const text = (px: number, py: number, anchor: string, t: string) => s('text', { x: px.toFixed(1), y: py.toFixed(1), 'text-anchor': anchor }, t)

  const picture = s('svg', { viewBox: `0 0 ${size.w} ${size.h}`, class: 'chart', role: 'img', 'aria-label': label })
  for (const c of cycles) {
    const from = dayNumber(c.emergence)
    const to = Math.min(last, dayNumber(c.harvest_p50) || last)
    const colour = cropWord(c.crop ?? '').colour
    if (from < to) picture.append(s('rect', { class: 'cycle', x: x(Math.max(first, from)), y: size.top, width: x(to) - x(Math.max(first, from)), height: base - size.top, fill: colour }))
    const [h0, h1] = [dayNumber(c.harvest_p25), Math.min(last, dayNumber(c.harvest_p75))]
    if (h0 < last && h0 <= h1) picture.append(s('rect', { x: x(h0), y: base - 5, width: Math.max(2, x(h1) - x(h0)), height: 5, fill: colour }))
    const peak = dayNumber(c.peak)
    if (peak > first && peak < last) picture.append(s('path', { class: 'peak', d: `M${x(peak)} ${size.top}V${base}` }))
  }
  for (const v of [0, 0.25, 0.5, 0.75, 1]) {
    picture.append(s('path', { class: 'grid', d: `M${size.left} ${y(v)}H${size.w - size.right}` }), text(size.left - 5, y(v) + 3.5, 'end', String(v)), text(size.w - size.right + 5, y(v) + 3.5, 'start', String(v * topLAI)))
  }
  const month = new Date(first * 86_400_000)
  for (let m = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1)); +m / 86_400_000 < last; m = new Date(Date.UTC(m.getUTCFullYear(), m.getUTCMonth() + 1, 1))) {
    const start = +m / 86_400_000
    if (start >= first) picture.append(s('path', { class: 'tick', d: `M${x(start)} ${base}v4` }))
    if (start + 15 > first && start + 15 < last) picture.append(text(x(start + 15), size.h - 6, 'middle', String(m.getUTCMonth() + 1)))
  }
  const curves: [string, (p: Step) => number | null, number][] = [['lai', (p) => p.lai, topLAI], ['ndvi', (p) => p.ndvi, 1]]
  for (const [name, value, top] of curves) {
    for (const run of runsOf(steps, value, false)) picture.append(s('path', { class: 'faint ' + name, d: path(run, top) }))
    for (const run of runsOf(steps, value, true)) picture.append(s('path', { class: name, d: path(run, top) }))
    for (const p of steps) if (p.seen && value(p) !== null) picture.append(s('circle', { class: 'dot-' + name, 'data-date': p.date, cx: x(p.day).toFixed(1), cy: y(Math.max(0, Math.min(1, value(p)! / top))).toFixed(1), r: name === 'ndvi' ? 3 : 2.2 }))
  }
  const day = dayNumber(asOf)
  if (day > first && day < last) picture.append(s('path', { class: 'asof', d: `M${x(day)} ${size.top}V${base}` }))
  return picture
}
