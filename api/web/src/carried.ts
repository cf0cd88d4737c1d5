// What an officer carries into the field: who he is, his counties and runs, the surveys
// that he has taken and which land they are on, as the service last told them, sealed in
// his locker. No list of others' work, no decision and no grower's name is among it.

import type { Schemas } from './client.ts'
import { nameOf, type Locker } from './locker.ts'

type Task = Schemas['Task']

const longest = 3 * 86_400_000 // milliseconds, as long as a survey may take: older answers count as none
const whole = ['/v1/me', '/v1/counties', '/v1/runs', '/v1/places'] // kept as they came, by their addresses
const land = '/v1/parcels' // kept of growers whom he surveys

interface Answer {
  address: string
  answer: unknown
}

export class Carried {
  private readonly locker: Locker
  private readonly now: () => number
  private last: Promise<unknown> = Promise.resolve() // one after another, in the order of the answers
  constructor(locker: Locker, now: () => number = Date.now) {
    this.locker = locker
    this.now = now
  }

  /** heard keeps what of an answer is carried; the address is a path with its query. */
  heard(address: string, answer: () => Promise<unknown>): void {
    const at = new URL(address, 'http://here')
    if (!whole.includes(at.pathname) && !(at.pathname === land && at.searchParams.has('grower_id')) && !/^\/v1\/tasks(\/\d+)?$/.test(at.pathname)) return
    const came = answer()
    this.last = this.last.then(async () => this.keep(address, at, await came)).catch(() => undefined) // a device that keeps nothing works with a network alone
  }

  private async keep(address: string, at: URL, answer: unknown): Promise<void> {
    const me = (at.pathname === '/v1/me' ? answer : await this.answer('/v1/me')) as Schemas['Me'] | undefined
    if (me?.role !== 'officer') return // nobody else surveys
    if (me === answer) for (const kind of ['answer', 'task']) await this.locker.clear(kind, this.now() - longest)
    if (whole.includes(at.pathname)) return this.put({ address, answer })
    if (at.pathname === land) return (await this.tasks()).some((k) => k.grower_id === at.searchParams.get('grower_id')) ? this.put({ address, answer }) : undefined
    const told = at.pathname === '/v1/tasks' ? (answer as { items: Task[] }).items : [answer as Task]
    const mine = told.filter((k) => k.kind === 'survey' && k.taken_by === me.id && !k.done_by)
    for (const k of mine) await this.locker.putJSON('task', String(k.id), k)
    const ids = new Set(mine.map((k) => k.id))
    const all = at.searchParams.get('mine') === 'true' ? (await this.tasks()).filter((k) => k.county === at.searchParams.get('county')) : []
    const gone = [...told, ...all].map((k) => k.id).filter((id) => !ids.has(id))
    if (gone.length === 0) return
    await this.locker.remove('task', gone.map(String))
    const growers = new Set((await this.tasks()).map((k) => k.grower_id))
    const others = (await this.locker.allJSON<Answer>('answer')).map((a) => a.address).filter((a) => a.startsWith(land) && !growers.has(new URL(a, 'http://here').searchParams.get('grower_id')!))
    await this.locker.remove('answer', await Promise.all(others.map(nameOf)))
  }

  /** find is what is carried for an address; undefined where nothing is. */
  async find(address: string): Promise<unknown> {
    const at = new URL(address, 'http://here')
    await this.last
    if (whole.includes(at.pathname) || at.pathname === land) return this.answer(address)
    const one = /^\/v1\/tasks\/(\d+)$/.exec(at.pathname)
    if (one) return (await this.tasks()).find((k) => k.id === Number(one[1]))
    if (at.pathname !== '/v1/tasks') return undefined
    return { items: (await this.tasks()).filter((k) => k.county === at.searchParams.get('county')).sort((a, b) => a.id - b.id), counts: [] }
  }

  /** put keeps an answer under a name that tells nothing: an address may hold a grower's ID. */
  private async put(a: Answer): Promise<void> {
    await this.locker.putJSON('answer', await nameOf(a.address), a)
  }

  private tasks(): Promise<Task[]> {
    return this.locker.allJSON<Task>('task', this.now() - longest)
  }

  private async answer(address: string): Promise<unknown> {
    return (await this.locker.allJSON<Answer>('answer', this.now() - longest)).find((a) => a.address === address)?.answer
  }

  /** drop forgets all of it: whose sign-in has ended reads it no more. */
  async drop(): Promise<void> {
    await this.last
    await this.locker.clear('answer')
    await this.locker.clear('task')
  }
}
