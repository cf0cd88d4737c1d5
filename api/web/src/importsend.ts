// Sends a file with its progress; what fetch cannot tell.

import { Problem, type Client, type Schemas } from './client.ts'
import type { Feed } from './imports.texts.ts'

export interface Sending {
  county: string
  feed: Feed
  received: string // empty = not said
  crs: string
  file: File
}

/** keyOf names one sending, so that a second click imports nothing twice. */
export function keyOf(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, '0')).join('')
}

/** send uploads the file; progress is told the share that is sent, 0–1. */
export function send(client: Client, what: Sending, key: string, stop: AbortSignal, progress: (share: number) => void): Promise<Schemas['Import']> {
  const query = new URLSearchParams({ county: what.county, feed: what.feed, ...(what.received ? { received: what.received } : {}), ...(what.crs ? { crs: what.crs } : {}) })
  const form = new FormData()
  form.append('file', what.file, what.file.name)
  return new Promise((done, failed) => {
    const ask = new XMLHttpRequest()
    ask.open('POST', '/v1/imports?' + query.toString())
    for (const [name, value] of Object.entries(client.headers())) ask.setRequestHeader(name, value)
    ask.setRequestHeader('Idempotency-Key', key)
    ask.responseType = 'json'
    ask.upload.addEventListener('progress', (e) => progress(e.lengthComputable ? e.loaded / e.total : 0))
    ask.addEventListener('load', () => {
      if (ask.status < 300) return done(ask.response as Schemas['Import'])
      const p = (ask.response ?? {}) as Partial<Schemas['Problem']>
      failed(new Problem(ask.status, p.title ?? ask.statusText, p.detail, p.instance))
    })
    ask.addEventListener('error', () => failed(new Problem(0, 'unreachable')))
    ask.addEventListener('abort', () => failed(new DOMException('stopped', 'AbortError')))
    stop.addEventListener('abort', () => ask.abort())
    ask.send(form)
  })
}
