// The pages beside the map, and who sees them. Each has its files of its own, which come when it is opened.

import type { Client, Schemas } from './client.ts'
import type { Locker } from './locker.ts'
import type { Language, State } from './state.ts'

/** PageContext is what a page is written from. A page is made anew when any of it changes. */
export interface PageContext {
  client: Client
  locker: Locker // what of the reader's stays on this device
  me: Schemas['Me']
  county: Schemas['County']
  run: Schemas['Run'] | null // null where no run of the county is published
  language: Language
  /** item is what of the page is open (state.item); each page gives it a meaning. */
  item: string | undefined
  /** go changes the address and shows what it says; "back" undoes it. { page: undefined } is the map. */
  go(to: Partial<State>): void
  /** left is aborted when the page is left or made anew. */
  left: AbortSignal
}

export interface Page {
  id: string // in the address: page=…
  roles: string[]
  title: Record<Language, string>
  unlisted?: boolean // not in the menu: led to from elsewhere
  open(context: PageContext): HTMLElement | Promise<HTMLElement>
}

const work: Page = { id: 'work', roles: ['officer', 'approver', 'risk_manager', 'auditor'], title: { en: 'Work', zh: '业务' }, open: async (c) => (await import('./work.ts')).workPage(c) }
const claim: Page = { id: 'claim', roles: ['clerk', 'officer', 'approver', 'risk_manager'], title: { en: 'Claim', zh: '圈地' }, open: async (c) => (await import('./claim.ts')).claimPage(c) }
const imports: Page = { id: 'imports', roles: ['clerk', 'officer', 'approver', 'risk_manager', 'auditor'], title: { en: 'Imports', zh: '导入' }, open: async (c) => (await import('./imports.ts')).importsPage(c) }

const office: Page[] = [
  { id: 'dashboard', roles: ['clerk', 'officer', 'approver', 'risk_manager', 'model_owner', 'auditor', 'partner'], title: { en: 'Dashboard', zh: '看板' }, open: async (c) => (await import('./dashboard.ts')).dashboardPage(c) },
  { id: 'policy', roles: ['officer', 'approver', 'risk_manager', 'model_owner', 'auditor'], title: { en: 'Credit policy', zh: '信贷政策' }, open: async (c) => (await import('./policy.ts')).policyPage(c) },
  { id: 'models', roles: ['clerk', 'officer', 'approver', 'risk_manager', 'model_owner', 'auditor', 'partner'], title: { en: 'Models', zh: '模型' }, open: async (c) => (await import('./models.ts')).modelsPage(c) },
  { id: 'audit', roles: ['auditor'], title: { en: 'Audit', zh: '审计' }, open: async (c) => (await import('./audit.ts')).auditPage(c) },
]

const print: Page = { id: 'print', roles: ['officer', 'approver', 'risk_manager', 'auditor'], title: { en: 'Print', zh: '打印' }, unlisted: true, open: async (c) => (await import('./print.ts')).printPage(c) }

export const seesLand = (role: string) => ['clerk', 'officer', 'approver', 'risk_manager', 'auditor'].includes(role)
export const seesDecisions = (role: string) => seesLand(role) && role !== 'clerk'

/** pages stand in the menu in this order. */
export const pages: Page[] = [work, claim, imports, ...office, print]

/** firstPage is where those begin who see no land. */
export const firstPage: Record<string, string | undefined> = { model_owner: 'models', partner: 'dashboard' }

/** pagesOf are the pages of a role. */
export const pagesOf = (role: string, of: Page[] = pages): Page[] => of.filter((p) => p.roles.includes(role))
