// Wanted values: as Go's season/report writes them (report.number, report.yuan), and by hand.
import assert from 'node:assert/strict'
import test from 'node:test'
import { dayNumber, inUnits, mu, number, percent, yuan } from '../src/numbers.ts'

test('numbers have commas, a real minus and no minus zero', () => {
  assert.equal(number(1234.5, 1), '1,234.5')
  assert.equal(number(999, 0), '999')
  assert.equal(number(1234567, 0), '1,234,567')
  assert.equal(number(-0.001, 2), '0.00')
  assert.equal(number(-1234, 0), '−1,234')
  assert.equal(number(0.12345, 4), '0.1235') // no comma behind the point
})

test('money is fen, shown in yuan', () => {
  assert.equal(yuan(680_000), '¥6,800')
  assert.equal(yuan(572_823), '¥5,728.23')
  assert.equal(yuan(-105), '−¥1.05')
})

test('areas, shares and days', () => {
  assert.equal(mu(13.050375, 'en'), '13.05 mu')
  assert.equal(mu(13.050375, 'zh'), '13.05 亩')
  assert.equal(percent(0.896), '90 %')
  assert.equal(dayNumber('1970-01-02'), 1)
  assert.equal(dayNumber('2024-01-01'), 19723) // date -d 2024-01-01 +%s / 86400
  assert.ok(Number.isNaN(dayNumber(undefined)))
  assert.equal(inUnits('P25 yield 489.6 kg/mu; 18.73 mu; maximum', 'zh'), 'P25 yield 489.6 千克/亩; 18.73 亩; maximum')
})
