// A credit policy in words: the values that decide most, as sentences.

import type { Schemas } from './client.ts'
import { yuan } from './numbers.ts'
import { policyTexts } from './policy.texts.ts'
import type { Language } from './state.ts'
import { checkOf } from './words.ts'

type Value = Schemas['CreditPolicyValue']

/** plain takes a value as the file writes it: no quotes, lists joined. */
const plain = (v: string | undefined) => (v ?? '–').replace(/^"(.*)"$/, '$1').replace(/^\[(.*)\]$/, '$1').split(' ').filter(Boolean).join(', ').replaceAll('_', ' ')
const money = (v: string | undefined) => (v === undefined || Number.isNaN(Number(v)) ? '–' : yuan(Number(v) * 100))

/** Said is a sentence, and what it lists. */
export interface Said {
  text: string
  list?: string[]
}

/** explain says in sentences what a credit policy's values mean. */
export function explain(values: Value[], language: Language): Said[] {
  const t = policyTexts[language]
  const of = new Map(values.map((v) => [v.path, v.value]))
  const out: Said[] = []
  const say = (...texts: string[]) => out.push(...texts.map((text) => ({ text })))
  const products = [...new Set(values.map((v) => /^products\.([^.]+)\./.exec(v.path)?.[1]).filter((p): p is string => p !== undefined))]
  for (const p of products) {
    const get = (key: string) => of.get(`products.${p}.${key}`)
    const name = (language === 'zh' ? get('name_zh') : get('name_en'))?.replace(/^"|"$/g, '') ?? p
    say(t.product(name, money(get('cap_yuan')), plain(get('rate_percent')), plain(get('max_tenor_days')), plain(get('financed_share_percent')), plain(get('haircut_percent')), plain(get('repayment_share_percent'))))
  }
  if (of.get('quota.applies') === 'true') say(t.quota(money(of.get('quota.total_yuan'))))
  say(t.feeds(plain(of.get('feeds.required')), plain(of.get('feeds.wanted'))), t.area(plain(of.get('area.witnesses'))),
    t.imagery(plain(of.get('imagery.min_inside_pixels')), plain(of.get('imagery.min_clear_dates')), plain(of.get('imagery.min_probability_percent'))),
    t.score(plain(of.get('scorecard.base')), plain(of.get('scorecard.admit')), plain(of.get('scorecard.decline'))))
  for (const severity of ['decline', 'refer', 'warn']) {
    const codes = values.filter((v) => /^checks\.[^.]+\.severity$/.test(v.path) && plain(v.value) === severity).map((v) => v.path.split('.')[1]!)
    if (codes.length > 0) out.push({ text: t.checks[severity]!, list: codes.map((c) => checkOf(c, language)?.what ?? c) })
  }
  say(t.warnings(plain(of.get('thresholds.max_warnings'))))
  if (of.has('relief.extension_days')) say(t.relief(plain(of.get('relief.extension_days'))))
  const overrides = new Set(values.map((v) => /^override\[(\d+)\]/.exec(v.path)?.[1]).filter(Boolean)).size
  if (overrides > 0) say(t.overrides(overrides))
  return out
}

/** wrongLines takes the mistakes of a refused text apart; line is 0 where none is named. */
export function wrongLines(detail: string): { line: number; text: string }[] {
  return detail.split('\n').map((l) => l.trim()).filter((l) => l !== '' && l !== 'credit policy refused:').map((text) => ({ line: Number(/\bline (\d+)/.exec(text)?.[1] ?? 0), text }))
}
