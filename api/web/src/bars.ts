// Bars: plain charts in SVG that stay readable on a phone. Each has its table.

import { h, s, type Child } from './dom.ts'

export interface Bar {
  name: string
  parts: { value: number; colour: string; name?: string }[] // beside each other
  said: string // the value in words
}

const width = (share: number) => `${(share * 100).toFixed(2)}%`

/** bars draws one bar a row, all on one scale; label is read out in place of the picture. */
export function bars(rows: Bar[], label: string): HTMLElement {
  const top = Math.max(...rows.map((r) => r.parts.reduce((sum, p) => sum + p.value, 0)), Number.MIN_VALUE)
  return h('div', { class: 'bars', role: 'img', 'aria-label': label }, rows.map((r) => {
    let from = 0
    const drawn = s('svg', { class: 'bar-row', width: '100%', height: 16, 'aria-hidden': 'true' })
    for (const p of r.parts) {
      drawn.append(s('rect', { x: width(from / top), width: width(p.value / top), height: 16, fill: p.colour }))
      from += p.value
    }
    return h('div', { class: 'bar-line' }, h('span', { class: 'bar-name' }, r.name), drawn, h('span', { class: 'n' }, r.said))
  }))
}

/** keyOf explains the colours of parts. */
export function keyOf(parts: { name: string; colour: string }[]): HTMLElement {
  return h('ul', { class: 'bar-key' }, parts.map((p) => h('li', {}, h('i', { class: 'swatch', style: `background:${p.colour}` }), ' ', p.name)))
}

/** table writes rows under headings; columns after the first `texts` are numbers. */
export function table(caption: string, headings: string[], rows: Child[][], texts = 1): HTMLElement {
  const n = (i: number) => (i >= texts ? { class: 'n' } : {})
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption }, h('table', {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, headings.map((t, i) => h('th', { scope: 'col', ...n(i) }, t)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell) : h('td', n(i), cell))))))))
}

/** fact is a number with its name. */
export const fact = (name: string, value: Child, note: Child = null) => h('div', {}, h('dt', {}, name), h('dd', {}, h('b', {}, value), note && h('small', {}, ' ', note)))

/** restOf is what of a whole its told parts leave; 0 where it is no more than rounding. */
export function restOf(parts: number[], whole: number): number {
  const rest = whole - parts.reduce((sum, p) => sum + p, 0)
  return rest > whole * 1e-6 ? rest : 0
}
