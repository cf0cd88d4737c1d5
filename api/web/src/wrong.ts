// What one reads when a question to the service failed.

import { Problem } from './client.ts'
import type { Language } from './state.ts'
import { textsIn } from './words.ts'

/** unreached tells that no answer came at all. */
export const unreached = (e: unknown): boolean => e instanceof Problem && e.status === 0

/** why says what went wrong, with the request's number in the service's log where there is one. */
export function why(e: unknown, language: Language): string {
  const t = textsIn(language)
  if (unreached(e)) return t.unreachable
  return `${t.failed}: ${e instanceof Error ? e.message : String(e)}${e instanceof Problem && e.request ? ` (${t.request} ${e.request})` : ''}`
}
