// Surveys that wait on this device until the service can be reached (IndexedDB).
// Each has the key under which it is sent, so that sending it twice does nothing.

import { Problem, type Client } from './client.ts'

/** Waiting is a survey that was not sent yet. Only who made it sends it. */
export interface Waiting {
  key: string
  asker: string
  task: number
  survey: Record<string, unknown>
  photos: Blob[]
  refused?: string // what the service said against it
}

/** flushed is said on the document after each attempt to send. */
export const flushed = 'parus-flushed'

const name = 'parus'
const kept = 'surveys'

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(name, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(kept, { keyPath: 'key' })
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => failed(asked.error ?? new Error('IndexedDB'))
  })
}

async function within<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  try {
    return await new Promise((done, failed) => {
      const t = db.transaction(kept, mode)
      const asked = ask(t.objectStore(kept))
      t.oncomplete = () => done(asked.result)
      t.onabort = t.onerror = () => failed(t.error ?? new Error('IndexedDB'))
    })
  } finally {
    db.close()
  }
}

export const keep = (w: Waiting): Promise<unknown> => within('readwrite', (s) => s.put(w))
export const discard = (key: string): Promise<unknown> => within('readwrite', (s) => s.delete(key))
export const waiting = async (asker: string): Promise<Waiting[]> => (await within('readonly', (s) => s.getAll() as IDBRequest<Waiting[]>)).filter((w) => w.asker === asker)

/** deliver sends a survey with its photos; the same again does nothing twice. */
export async function deliver(client: Client, w: Waiting): Promise<void> {
  const photos: number[] = []
  for (const p of w.photos) photos.push((await client.send('/v1/tasks/{id}/photos', p, { path: { id: w.task } })).id)
  await client.post('/v1/tasks/{id}/survey', { ...w.survey, photos } as never, { path: { id: w.task } }, w.key)
}

let sending: Promise<void> | null = null

/** flush sends what waits, one after another; it stops where the service cannot be reached. */
export function flush(client: Client, asker: string): Promise<void> {
  sending ??= (async () => {
    for (const w of await waiting(asker)) {
      if (w.refused) continue
      try {
        await deliver(client, w)
        await discard(w.key)
      } catch (e) {
        if (!(e instanceof Problem)) throw e
        if (e.status === 0 || e.status === 401 || e.status >= 500) return
        await keep({ ...w, refused: e.kind || e.message })
      }
    }
  })().finally(() => {
    sending = null
    document.dispatchEvent(new Event(flushed))
  })
  return sending
}
