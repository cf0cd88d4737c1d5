import assert from 'node:assert/strict'
import test from 'node:test'
import { niceTop, runsOf, stepsOf } from '../src/chart.ts'
import { placeOf } from '../src/findings.ts'
import { graticule, stepFor } from '../src/graticule.ts'
import { boxOf, union } from '../src/place.ts'
import { holdings, kindOf } from '../src/search.ts'
import { ruleOf, traceOf } from '../src/trace.ts'

test('curves break where nothing was observed', () => {
  const steps = stepsOf({ plot_id: 'P', run: 1, dates: ['2024-01-01', '2024-01-11', '2024-01-21', '2024-02-01', '2024-02-11'], values: { ndvi: [0.2, 0.3, 0.4, null, 0.6], weight: [1, 0, 1, 1, 1] } })
  assert.deepEqual(steps.map((p) => p.seen), [true, false, true, true, true])
  assert.deepEqual(runsOf(steps, (p) => p.ndvi, true).map((r) => r.map(([, v]) => v)), [[0.2], [0.4], [0.6]])
  assert.deepEqual(runsOf(steps, (p) => p.ndvi, false).map((r) => r.map(([, v]) => v)), [[0.2, 0.3, 0.4], [0.6]])
  assert.deepEqual(runsOf(steps, (p) => p.lai, false), [])
  assert.equal(niceTop(4.6), 6)
})

// Lines as a run of the sample county (seed 1) wrote them.
const rules = ['rule scope: ok (county 341599)', 'plot P48b8498c7fb0 rice: rests on imagery; area 18.73 mu', 'constraint need: applies=true gross=¥5,728.23', 'constraint cap: applies=true gross=¥300,000.00',
  'rule finding NOT_THE_FARMER: refer (3415991012010100084 Declared with cotton)', 'rule scorecard: ok (84 points, admit from 55)', 'rule minimum: ok (¥5,700.00)']

test('each number leads to its line of the trace', () => {
  assert.equal(ruleOf(rules, { constraint: 'cap' }), 3)
  assert.equal(ruleOf(rules, { plot: 'P48b8498c7fb0' }), 1)
  assert.equal(ruleOf(rules, { reason: 'NOT_THE_FARMER' }), 4)
  assert.equal(ruleOf(rules, { reason: 'BOUND_BY_need' }), 2)
  assert.equal(ruleOf(rules, { reason: 'LIMIT_BELOW_MINIMUM' }), 6)
  assert.equal(ruleOf(rules, { reason: 'LITTLE_LAND' }), 5) // the credit policy's own words: its scorecard
  assert.equal(ruleOf([], { constraint: 'need' }), -1)
  assert.deepEqual(traceOf({ rules }).raises, [])
  assert.deepEqual(traceOf(undefined).rules, [])
})

test('findings stand where they belong', () => {
  const plot = { plot_id: 'P1', parcels: ['a', 'b'] } as never
  assert.deepEqual(['a', 'P1', 'c', undefined].map((parcel_id) => placeOf({ parcel_id } as never, plot)), ['onPlot', 'onPlot', 'elsewhere', 'onGrower'])
})

test('a text is land or a person', () => {
  assert.deepEqual(['3415991012010100084', 'P48b8498c7fb0', '341523197001010014', '13800138000', '王小二', 'Pan Li'].map(kindOf), ['land', 'land', 'person', 'person', 'person', 'person'])
  assert.deepEqual(holdings([{ plot_id: 'b', area_mu: 1 }, { plot_id: 'a', area_mu: 2 }, { plot_id: 'b', area_mu: 3 }]), [{ plot: 'a', parcels: 1, mu: 2 }, { plot: 'b', parcels: 2, mu: 4 }])
})

test('boxes hold what they should', () => {
  const box = boxOf({ type: 'MultiPolygon', coordinates: [[[[115, 31], [115.5, 31], [115.5, 31.25], [115, 31]]], [[[116, 30], [116, 30], [116, 30]]]] })
  assert.deepEqual(box, { west: 115, south: 30, east: 116, north: 31.25 })
  assert.equal(boxOf(undefined), null)
  assert.deepEqual(union([null, box, { west: 100, south: 31, east: 101, north: 32 }]), { west: 100, south: 30, east: 116, north: 32 })
  assert.equal(union([null]), null)
})

test('lines of the graticule stand at round degrees', () => {
  assert.equal(stepFor(0.03), 0.01)
  assert.equal(stepFor(30), 10)
  assert.deepEqual(graticule({ west: 116.455, east: 116.485, south: 32.981, north: 32.989 }).map((l) => l.text), ['116.46°E', '116.47°E', '116.48°E'])
  assert.deepEqual(graticule({ west: -0.5, east: 0.7, south: -0.3, north: -0.1 }).filter((l) => !l.vertical).map((l) => l.text), ['0.2°S'])
})
