import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restOf } from '../src/bars.ts'
import { explain, wrongLines } from '../src/policywords.ts'

test('what is not told is the rest of a sum', () => {
  assert.equal(restOf([50, 30], 100), 20)
  assert.equal(restOf([], 7), 7)
  assert.equal(restOf([0.1, 0.2], 0.3), 0) // 0.1 + 0.2 is 5.6e-17 more than 0.3
})

test('mistakes of a credit policy lead to their lines', () => {
  assert.deepEqual(wrongLines('credit policy refused:\n  line 12: quota.free is not a key of a credit policy\n  override must say why'), [
    { line: 12, text: 'line 12: quota.free is not a key of a credit policy' }, { line: 0, text: 'override must say why' },
  ])
  assert.deepEqual(wrongLines('read credit policy: toml: line 3 (last key "x"): expected value'), [{ line: 3, text: 'read credit policy: toml: line 3 (last key "x"): expected value' }])
})

test('a credit policy is said in words', () => {
  const values = Object.entries({
    'products.season.name_en': '"Season loan"', 'products.season.name_zh': '"种植贷"', 'products.season.cap_yuan': '300000', 'products.season.rate_percent': '6.5', 'products.season.max_tenor_days': '365', 'products.season.financed_share_percent': '70',
    'products.season.haircut_percent': '90', 'products.season.repayment_share_percent': '60', 'scorecard.base': '600', 'scorecard.admit': '620', 'scorecard.decline': '560', 'feeds.required': '[contracts roster]', 'checks.CERTIFICATE_NOT_VALID.severity': '"decline"',
    'thresholds.max_warnings': '3',
  }).map(([path, value]) => ({ path, value, line: 1 }))
  const en = explain(values, 'en')
  assert.equal(en[0]!.text, 'Season loan: up to ¥300,000 at 6.5 % a year for at most 365 days. It finances 70 % of the cash cost; 90 % of the price counts, and 60 % of expected sales may go into repayments.')
  assert.ok(en.some((s) => s.text === 'Without these feeds a person decides: contracts, roster. These are noted where missing: –.'))
  assert.deepEqual(en.find((s) => s.text === 'Findings that decline:')?.list, ['The certificate of the right to the land is cancelled and no other stands'])
  assert.ok(explain(values, 'zh')[0]!.text.startsWith('种植贷：最高 ¥300,000'))
})
