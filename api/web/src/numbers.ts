// Numbers as the report writes them.

import type { Language } from './state.ts'

/** number writes thousands with commas: number(1234.5, 1) = "1,234.5". */
export function number(v: number, places: number): string {
  const text = Math.abs(v).toFixed(places)
  const [whole = '', rest] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest ? '.' + rest : '')
  return v < 0 && /[1-9]/.test(text) ? '−' + grouped : grouped
}

/** yuan writes fen; whole yuan without decimals. */
export function yuan(fen: number): string {
  return (fen < 0 ? '−¥' : '¥') + number(Math.abs(fen) / 100, 2).replace(/\.00$/, '')
}

export function percent(share: number): string {
  return number(share * 100, 0) + ' %'
}

/** mu is an area with its unit. */
export function mu(area: number, language: Language): string {
  return number(area, 2) + (language === 'zh' ? ' 亩' : ' mu')
}

/** inUnits says the units of a number that came as text in the reader's language. */
export function inUnits(text: string, language: Language): string {
  return language === 'zh' ? text.replace(/\bkg\/mu\b/g, '千克/亩').replace(/\bmu\b/g, '亩').replace(/\bkg\b/g, '千克').replace(/\bdays\b/g, '天').replace(/\bpoints\b/g, '分') : text
}

/** dayNumber counts days since 1970; NaN where it is no day. */
export function dayNumber(day: string | undefined): number {
  return day ? Date.parse(day + 'T00:00:00Z') / 86_400_000 : NaN
}

/** addDays is the day so many days later. */
export function addDays(day: string, days: number): string {
  return new Date((dayNumber(day) + days) * 86_400_000).toISOString().slice(0, 10)
}
