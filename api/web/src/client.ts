// Questions to the service, typed by its contract.

import type { components, paths } from './contract.gen.ts'

export type Schemas = components['schemas']
type Given<R> = R extends { 200: { content: { 'application/json': infer T } } } ? T : R extends { 201: { content: { 'application/json': infer T } } } ? T : never
type Answer<O> = O extends { responses: infer R } ? Given<R> : never
type With<M extends string> = { [P in keyof paths]: paths[P] extends Record<M, { responses: { 200: { content: { 'application/json': unknown } } } | { 201: { content: { 'application/json': unknown } } } }> ? P : never }[keyof paths]
type Asked<O> = O extends { parameters: { path?: infer P; query?: infer Q } } ? { path?: P; query?: Q } : Record<string, never>
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never

/** Problem is what the service says went wrong (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  readonly detail: string
  readonly request: string
  readonly kind: string // its name, without urn:parus:problem:
  constructor(status: number, title: string, detail = '', request = '', kind = '') {
    super(title)
    this.status = status
    this.detail = detail
    this.request = request
    this.kind = kind
  }
}

/** Kept is what this device answers with where the service cannot be reached. */
export interface Kept {
  heard(address: string, answer: () => Promise<unknown>): void
  find(address: string): Promise<unknown>
}

/** reached is said by a client when the service can be reached again, or no more. */
export const reached = 'reached'

/** Client asks with a person's token; ended is told when the token is taken no more. */
export class Client extends EventTarget {
  /** reachable is false from the first question without an answer to the next one with one. */
  reachable = true
  private readonly token: string
  private readonly ended: () => void
  private readonly kept: Kept | null
  constructor(token: string, ended: () => void, kept: Kept | null = null) {
    super()
    this.token = token
    this.ended = ended
    this.kept = kept
  }

  /** knock finds out whether the service can be reached. */
  async knock(): Promise<void> {
    this.reaches(navigator.onLine && await fetch('/v1/sign-in', { cache: 'no-store' }).then((r) => r.ok, () => false))
  }

  private reaches(now: boolean): void {
    if (now === this.reachable) return
    this.reachable = now
    this.dispatchEvent(new Event(reached))
  }

  headers(): Record<string, string> {
    return { Authorization: 'Bearer ' + this.token }
  }

  get<P extends With<'get'>>(path: P, asked: Asked<paths[P]['get']> = {} as never): Promise<Answer<paths[P]['get']>> {
    return this.ask('GET', path, asked)
  }

  /** post sends JSON; the same key again does nothing twice (Idempotency-Key). */
  post<P extends With<'post'>>(path: P, body: Body<paths[P]['post']>, asked: Asked<paths[P]['post']> = {} as never, key?: string): Promise<Answer<paths[P]['post']>> {
    return this.ask('POST', path, asked, JSON.stringify(body), { 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) })
  }

  /** send posts bytes of the kind that a path takes. */
  async send<P extends With<'post'>>(path: P, bytes: Blob, asked: Asked<paths[P]['post']> = {} as never): Promise<Answer<paths[P]['post']>> {
    return (await (await this.reach('POST', path, asked, bytes, { 'Content-Type': bytes.type })).json()) as Answer<paths[P]['post']>
  }

  /** bytes are what a path answers that is no JSON. */
  async bytes(path: keyof paths, asked: { path?: unknown; query?: unknown }): Promise<Blob> {
    return (await this.reach('GET', path, asked)).blob()
  }

  private async ask<T>(method: string, path: string, asked: { path?: unknown; query?: unknown }, body?: BodyInit, headers: Record<string, string> = {}): Promise<T> {
    const kept = method === 'GET' ? this.kept : null
    const address = addressOf(path, asked)
    try {
      const response = await this.reach(method, path, asked, body, headers)
      kept?.heard(address, () => response.clone().json())
      return (await response.json()) as T
    } catch (e) {
      const found = e instanceof Problem && e.status === 0 ? await kept?.find(address).catch(() => undefined) : undefined
      if (found === undefined) throw e
      return found as T
    }
  }

  private async reach(method: string, path: string, asked: { path?: unknown; query?: unknown }, body?: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    let response: Response
    try {
      response = await fetch(addressOf(path, asked), {
        method,
        headers: { ...this.headers(), ...headers },
        ...(body === undefined ? {} : { body }),
      })
    } catch (e) {
      this.reaches(false)
      throw new Problem(0, 'unreachable', String(e), '', 'unreachable')
    }
    this.reaches(true)
    if (response.ok) return response
    if (response.status === 401) this.ended()
    const p = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>
    throw new Problem(response.status, p.title ?? response.statusText, p.detail, p.instance, (p.type ?? '').replace(/^urn:parus:problem:/, ''))
  }
}

/** addressOf fills a path of the contract with its values. */
export function addressOf(path: string, asked: { path?: unknown; query?: unknown }): string {
  const values = (asked.path ?? {}) as Record<string, unknown>
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries((asked.query ?? {}) as Record<string, unknown>)) if (v !== undefined && v !== '') q.set(k, String(v))
  const text = q.toString()
  return text ? filled + '?' + text : filled
}
