// The trace of a decision, as the batch wrote it, and which of its lines a number comes from.

export interface Constraint {
  name: string
  applies: boolean
  gross: number
  used: number
  net: number
  numbers: Record<string, string> | null
}

export interface Raise {
  code: string
  en: string
  zh: string
  by_fen: number
  limit_fen: number
}

export interface Trace {
  constraints: Constraint[]
  rules: string[]
  reasons: { code: string; en: string; zh: string }[]
  raises: Raise[]
  schedule: { due: string; principal_fen: number; interest_fen: number }[]
}

/** traceOf reads a trace; what an older run lacks is empty. */
export function traceOf(v: unknown): Trace {
  const t = (v ?? {}) as Partial<Trace>
  return { constraints: t.constraints ?? [], rules: t.rules ?? [], reasons: t.reasons ?? [], raises: t.raises ?? [], schedule: t.schedule ?? [] }
}

/** Words of reasons that the rules know by other names than the code. */
const rulesOfReasons: Record<string, string> = {
  FEED_MISSING: 'rule required_feeds', OUT_OF_SCOPE: 'rule scope', CREDIT_POLICY_NOT_EFFECTIVE: 'rule credit_policy_in_force', PRODUCT_UNKNOWN: 'rule product', TOO_MANY_WARNINGS: 'rule warnings',
  SCORE_LOW: 'rule scorecard', LIMIT_BELOW_MINIMUM: 'rule minimum', INSURANCE_MISSING: 'rule insurance', OFFICER_MUST_SEE: 'rule unseen_crop', SELF_PROOF_MISSING: 'rule self_proof', NO_LAND_KNOWN: 'rule land',
}

/** ruleOf finds the line of the trace that a constraint or reason comes from, -1 where none is known. */
export function ruleOf(rules: string[], what: { constraint: string } | { reason: string } | { plot: string }): number {
  if ('constraint' in what) return rules.findIndex((r) => r.startsWith(`constraint ${what.constraint}:`))
  if ('plot' in what) return rules.findIndex((r) => r.startsWith(`plot ${what.plot} `))
  const { reason } = what
  const finding = rules.findIndex((r) => r.startsWith(`rule finding ${reason}:`))
  if (finding >= 0) return finding
  if (reason.startsWith('BOUND_BY_')) return rules.findIndex((r) => r.startsWith(`constraint ${reason.slice(9)}:`))
  const named = rulesOfReasons[reason]
  if (named) return rules.findIndex((r) => r.startsWith(named + ':'))
  const said = rules.findIndex((r) => r.includes(reason))
  return said >= 0 ? said : rules.findIndex((r) => r.startsWith('rule scorecard:')) // other reasons are the scorecard's, named by the credit policy
}
