import assert from 'node:assert/strict'
import test from 'node:test'
import { createExpression } from '@maplibre/maplibre-gl-style-spec'
import { themes } from '../src/state.ts'
import { classesOf, classOf, gravestLast, paintOf, tally, yieldBreaks, type Land } from '../src/themes.ts'
import { en } from '../src/texts.en.ts'
import { zh } from '../src/texts.zh.ts'

const land = (v: Partial<Land>): Land => ({ id: 1, plot_id: 'P1', parcel_id: '1', area_mu: 2, ...v })

// The map is drawn by MapLibre's expression, the legend and list by classOf: they must not differ.
test('the drawn colour is the colour of the legend', () => {
  const breaks = [300, 400, 500]
  const lands = [{}, { crop: 'rice' }, { crop: 'oats' }, { crop: 'never_heard_of' }, { grade: 1 }, { grade: 5 }, { yield: 299.9 }, { yield: 300 }, { yield: 499 }, { yield: 5000 },
    { risk: 'info' }, { risk: 'decline' }, { outcome: 'admit' }, { outcome: 'not_assessable' }].map(land)
  for (const theme of themes) {
    const paint = paintOf(theme, breaks)
    const made = createExpression(paint, { type: 'color' } as never)
    assert.equal(made.result, 'success', theme)
    for (const l of lands) {
      const drawn = (made.value as { evaluate(g: object, f: object): unknown }).evaluate({ zoom: 14 }, { type: 3, properties: l })
      assert.equal(drawn, classOf(theme, l, breaks).colour, `${theme} of ${JSON.stringify(l)}`)
    }
  }
})

// By hand: sextiles of 0, 10 … 600 are 100, 200 … 500; equal breaks count once.
test('yields break at round sextiles', () => {
  assert.deepEqual(yieldBreaks(Array.from({ length: 61 }, (_, i) => 600 - 10 * i)), [100, 200, 300, 400, 500])
  assert.deepEqual(yieldBreaks([452, 452, 452]), [450])
  assert.deepEqual(yieldBreaks([]), [])
  assert.equal(classOf('yield', land({ yield: 450 }), [450]).en, '≥ 450 kg/mu')
  assert.equal(classOf('yield', land({ yield: 449 }), [450]).zh, '< 450 千克/亩')
})

test('a parcel counts once in the legend, and areas that tiles do not say make no sum', () => {
  const lands = [land({ id: 1, crop: 'rice' }), land({ id: 1, crop: 'rice' }), land({ id: 2, crop: 'maize', area_mu: 3 }), land({ id: 3 })]
  assert.deepEqual(tally('crop', lands).map((r) => [r.of.code, r.mu]), [['maize', 3], ['rice', 2], ['', 2]])
  assert.ok(Number.isNaN(tally('crop', [{ id: 4, plot_id: 'P', crop: 'rice' }])[0]!.mu))
})

test('the gravest finding comes last', () => {
  assert.deepEqual(gravestLast([land({ risk: 'decline' }), land({}), land({ risk: 'info' }), land({ risk: 'refer' })]).map((l) => l.risk), [undefined, 'info', 'refer', 'decline'])
})

test('both languages say something everywhere, and not the same', () => {
  for (const [key, text] of Object.entries(en)) {
    const other = (zh as Record<string, unknown>)[key]
    assert.deepEqual(typeof other === 'object' ? Object.keys(other!).sort() : typeof other, typeof text === 'object' ? Object.keys(text).sort() : typeof text, key)
    if (typeof text === 'string' && key !== 'ndvi') assert.notEqual(text, other, key)
  }
})

// Colour-blind sight by Machado, Oliveira and Fernandes (2009), severity 1, as matrices over linear RGB;
// distance is CIE 1976 ΔE*ab under D65. 2.3 is the least that is seen side by side; 10 is told at a glance.
const sight: Record<string, number[][]> = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

function lab(colour: string, matrix: number[][]): number[] {
  const linear = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  const [r, g, b] = matrix.map((row) => Math.min(1, Math.max(0, row.reduce((s, c, i) => s + c * linear[i]!, 0)))) as [number, number, number]
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116)
  const [x, y, z] = [f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047), f(0.2126 * r + 0.7152 * g + 0.0722 * b), f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)]
  return [116 * y! - 16, 500 * (x! - y!), 200 * (y! - z!)]
}

test('classes stay apart for the colour-blind', () => {
  const main = ['winter_wheat', 'maize', 'rice', 'soybean', 'cotton', 'rapeseed'] // 18 crops cannot; the name is said beside the pointer and in the list
  for (const theme of themes) {
    const colours = classesOf(theme, [1, 2, 3, 4, 5]).filter((c) => theme !== 'crop' || main.includes(c.code)).map((c) => c.colour)
    for (const [name, matrix] of Object.entries(sight)) {
      for (let i = 0; i < colours.length; i++) {
        for (let j = 0; j < i; j++) {
          const [a, b] = [lab(colours[i]!, matrix), lab(colours[j]!, matrix)]
          const apart = Math.hypot(...a.map((v, k) => v - b[k]!))
          assert.ok(apart >= 10, `${theme}, ${name}: ${colours[i]} and ${colours[j]} are ${apart.toFixed(1)} apart`)
        }
      }
    }
  }
})
