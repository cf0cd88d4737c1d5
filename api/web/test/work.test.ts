import assert from 'node:assert/strict'
import test from 'node:test'
import { productOf } from '../src/applypart.ts'
import { Problem } from '../src/client.ts'
import { differs } from '../src/workapplication.ts'
import { problemText, since } from '../src/workform.ts'
import { workTexts } from '../src/work.texts.ts'

test('a proposal differs from the machine above its limit, past its day, or where it declined', () => {
  const a = { machine_outcome: 'admit', machine_fen: 680_000, machine_until: '2024-12-04' }
  assert.equal(differs(a, 680_000, '2024-12-04'), false)
  assert.equal(differs(a, 680_001, '2024-12-04'), true)
  assert.equal(differs(a, 680_000, '2024-12-05'), true)
  assert.equal(differs({ ...a, machine_outcome: 'refer' }, 1, '2024-12-01'), false)
  assert.equal(differs({ ...a, machine_outcome: 'decline' }, 1, '2024-12-01'), true)
})

test('ages are minutes, hours or days', () => {
  const now = Date.parse('2024-07-15T12:00:00Z')
  assert.deepEqual(['2024-07-15T11:59:30Z', '2024-07-15T11:01:00Z', '2024-07-15T11:00:00Z', '2024-07-13T12:00:01Z', '2024-07-13T12:00:00Z', '2024-07-16T00:00:00Z'].map((t) => since(t, workTexts('en'), now)), ['0 min', '59 min', '1 h', '47 h', '2 d', '0 min'])
  assert.equal(since('2024-07-15T11:01:00Z', workTexts('zh'), now), '59 分钟')
})

test('a problem is told by its name in the reader’s language', () => {
  const own = new Problem(403, 'you took part in this application: another person does this', '', 'x', 'own-work')
  assert.match(problemText(workTexts('zh'), own), /^您已参与/)
  assert.match(problemText(workTexts('en'), own), /you took part/)
  assert.match(problemText(workTexts('zh'), new Problem(418, 'teapot')), /teapot/)
})

test('the product stands in the trace', () => {
  assert.equal(productOf(['rule scope: ok (county 341599)', 'rule product: ok (insured_season)']), 'insured_season')
  assert.equal(productOf([]), 'season')
})
