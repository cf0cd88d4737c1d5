// The report's words in the reader's language; words.json is written from the
// report's own tables (season/report).

import { en, type Texts } from './texts.en.ts'
import { zh } from './texts.zh.ts'
import type { Language } from './state.ts'
import table from './words.json' with { type: 'json' }

export interface Word {
  code?: string
  en: string
  zh: string
  colour: string
}

export const words = table
export const textsIn = (language: Language): Texts => (language === 'zh' ? zh : en)

const list: Word[] = table.crops

/** cropWord names a crop; one that the table lacks stands for itself in grey. */
export function cropWord(code: string): Word {
  const plain = code.replaceAll('_', ' ')
  return list.find((w) => w.code === code) ?? { code, en: plain, zh: plain, colour: list.find((w) => w.code === 'other')!.colour }
}

/** cropsIn names crops joined by +. */
export function cropsIn(code: string, language: Language): string {
  return code.split('+').map((c) => cropWord(c)[language]).join(' + ')
}

type Pairs = 'reasons' | 'states' | 'constraints' | 'severities' | 'rests' | 'numbers'

/** called looks a code up in a table; an unknown one stands for itself. */
export function called(name: Pairs, code: string, language: Language): string {
  const pair = (table[name] as unknown as Record<string, [string, string]>)[code]
  return pair ? pair[language === 'zh' ? 1 : 0] : code.replaceAll('_', ' ')
}

export function outcomeWord(code: string): Word {
  return (table.outcomes as Word[]).find((w) => w.code === code) ?? { code, en: code, zh: code, colour: table.none.outcome.colour }
}

/** checkOf says what a cross-check compares and what mends it; null for codes that are no check. */
export function checkOf(code: string, language: Language): { what: string; remedy: string } | null {
  const c = (table.checks as unknown as Record<string, [string, string, string, string]>)[code]
  if (!c) return null
  return language === 'zh' ? { what: c[1], remedy: c[3] } : { what: c[0], remedy: c[2] }
}
