import assert from 'node:assert/strict'
import test from 'node:test'
import { against } from '../src/around.ts'
import { between, clearest, nearest } from '../src/imagery.ts'
import { outlinePath, ringsOf } from '../src/outline.ts'
import { readState, writeState } from '../src/state.ts'
import { en, zh } from '../src/sight.texts.ts'
import * as paper from '../src/print.texts.ts'
import { verdict } from '../src/witness.ts'

const days = [['2024-05-02', 0.9], ['2024-05-12', 0.2], ['2024-06-01', 0.95], ['2024-06-06', 0.95]].map(([date, clear]) => ({ date: date as string, clear: clear as number, scenes: [], layers: ['ndvi'] }))

test('a day that has no scene stands for the last before it', () => {
  assert.equal(nearest(days, '2024-05-12')?.date, '2024-05-12')
  assert.equal(nearest(days, '2024-05-31')?.date, '2024-05-12')
  assert.equal(nearest(days, '2023-01-01')?.date, '2024-05-02')
  assert.equal(nearest(days, undefined)?.date, '2024-06-06') // the last of the clearest
  assert.equal(nearest([], '2024-05-12'), undefined)
  assert.equal(clearest(days.slice(0, 2))?.date, '2024-05-02')
  assert.equal(between(days, '2024-05-01', '2024-05-12')?.date, '2024-05-02')
  assert.equal(between(days, '2024-06-01', '2024-06-11')?.date, '2024-06-06')
  assert.equal(between(days, '2024-05-21', '2024-06-01'), undefined)
})

test('imagery stands in the address, and only what is well formed', () => {
  const s = readState('#layer=ndvi&date=2024-05-02&swipe=2024-06-01&fill=40', 'en')
  assert.deepEqual([s.layer, s.date, s.swipe, s.fill], ['ndvi', '2024-05-02', '2024-06-01', 40])
  assert.deepEqual(readState(writeState(s), 'en'), s)
  const bad = readState('#layer=../x&date=2.5.2024&swipe=2024-6-1&fill=400', 'en')
  assert.deepEqual([bad.layer, bad.date, bad.swipe, bad.fill], [undefined, undefined, undefined, undefined])
})

// By hand: 500 is 4 % above 480, 450 is 6 % below it (6.25), 481 equal to the whole percent.
test('a yield against the median', () => {
  assert.deepEqual([against(500, 480), against(450, 480), against(481, 480)], ['+4 %', '−6 %', '±0 %'])
})

test('a pair agrees or differs whichever is named first', () => {
  const a = { plot_id: 'P', subject: 'crop', self: 'rice', government: '', partner: 'maize', satellite: 'rice', agree: ['self-satellite'], differ: ['self-partner', 'partner-satellite'] }
  assert.deepEqual([verdict(a, 'satellite', 'self'), verdict(a, 'satellite', 'partner'), verdict(a, 'self', 'government')], ['agree', 'differ', ''])
})

// By hand at 60° N, where a degree of longitude is half as wide: 2° × 1° is a square of 111,320 m.
test('an outline keeps its proportions', () => {
  const square = { type: 'Polygon', coordinates: [[[10, 59.5], [12, 59.5], [12, 60.5], [10, 60.5], [10, 59.5]]] }
  const { path, metres } = outlinePath(ringsOf(square), 200, 100)
  assert.equal(path, 'M50.0 100.0L150.0 100.0L150.0 0.0L50.0 0.0L50.0 100.0Z')
  assert.ok(Math.abs(metres - 1113.2) < 0.1)
  assert.equal(ringsOf({ type: 'MultiPolygon', coordinates: [square.coordinates, square.coordinates] }).length, 2)
})

test('both languages say the same things', () => {
  const keys = (v: object): string[] => Object.entries(v).flatMap(([k, x]) => (typeof x === 'object' ? keys(x as object).map((y) => `${k}.${y}`) : [k])).sort()
  assert.deepEqual(keys(en), keys(zh))
  assert.deepEqual(keys(paper.en), keys(paper.zh))
})
