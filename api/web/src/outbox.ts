// Surveys that wait on this device until the service can be reached, sealed in the
// locker of who made them. Each has the key under which it is sent, so that sending it
// twice does nothing.

import { Problem, type Client } from './client.ts'
import type { Locker } from './locker.ts'

/** Waiting is a survey that was not sent yet. */
export interface Waiting {
  key: string
  task: number
  survey: Record<string, unknown>
  photos: number // how many it has
  refused?: string // what the service said against it
}

/** flushed is said on the document after each attempt to send. */
export const flushed = 'parus-flushed'

const photosOf = (w: Waiting) => Array.from({ length: w.photos }, (_, i) => `${w.key} ${String(i).padStart(2, '0')}`)

/** keep puts a survey away: its photos first, so that none is ever without them. */
export async function keep(locker: Locker, w: Waiting, photos: Blob[]): Promise<void> {
  for (const [i, name] of photosOf(w).entries()) await locker.put('photo', name, new Uint8Array(await photos[i]!.arrayBuffer()))
  await locker.putJSON('survey', w.key, w)
}

export async function discard(locker: Locker, w: Waiting): Promise<void> {
  await locker.remove('survey', [w.key])
  await locker.remove('photo', photosOf(w))
}

export const waiting = (locker: Locker): Promise<Waiting[]> => locker.allJSON<Waiting>('survey')

/** deliver sends a survey with its photos; the same again does nothing twice. */
export async function deliver(client: Client, w: Waiting, photos: Blob[]): Promise<void> {
  const sent: number[] = []
  for (const p of photos) sent.push((await client.send('/v1/tasks/{id}/photos', p, { path: { id: w.task } })).id)
  await client.post('/v1/tasks/{id}/survey', { ...w.survey, photos: sent } as never, { path: { id: w.task } }, w.key)
}

async function taken(locker: Locker, w: Waiting): Promise<Blob[]> {
  const photos: Blob[] = []
  for (const name of photosOf(w)) {
    const bytes = await locker.get('photo', name)
    if (!bytes) throw new Problem(410, 'a photo of this survey is not on this device any more', '', '', 'photo-lost')
    photos.push(new Blob([bytes], { type: 'image/jpeg' }))
  }
  return photos
}

let sending: Promise<void> | null = null

/** flush sends what waits, one after another; it stops where the service cannot be reached. */
export function flush(client: Client, locker: Locker): Promise<void> {
  sending ??= (async () => {
    for (const w of await waiting(locker)) {
      if (w.refused) continue
      try {
        await deliver(client, w, await taken(locker, w))
        await discard(locker, w)
      } catch (e) {
        if (!(e instanceof Problem)) throw e
        if (e.status === 0 || e.status === 401 || e.status >= 500) return
        await locker.putJSON('survey', w.key, { ...w, refused: e.kind || e.message })
      }
    }
  })().finally(() => {
    sending = null
    document.dispatchEvent(new Event(flushed))
  })
  return sending
}
