// What stays on this device without a network, sealed (AES-256-GCM) under a key that no
// script can read out. Each person has a locker of his own, named by a hash; whoever
// empties it loses the key first. It knows nothing of what is in it.

interface Sealed {
  owner: string
  kind: string
  name: string
  at: number // when it was put in, milliseconds
  iv: Uint8Array<ArrayBuffer>
  bytes: ArrayBuffer
}

const database = 'parus'
const keys = 'keys'
const things = 'sealed'

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(database, 2)
    asked.onupgradeneeded = () => {
      for (const old of [...asked.result.objectStoreNames]) asked.result.deleteObjectStore(old) // of the first layout, which was not sealed
      asked.result.createObjectStore(keys)
      asked.result.createObjectStore(things, { keyPath: ['owner', 'kind', 'name'] })
    }
    asked.onsuccess = () => done(asked.result)
    asked.onblocked = () => failed(new Error('IndexedDB: another tab holds an older layout; close it'))
    asked.onerror = () => failed(asked.error ?? new Error('IndexedDB'))
  })
}

/** within does one transaction; what it gives is there once all of it is kept. */
async function within<T>(mode: IDBTransactionMode, ask: (t: IDBTransaction) => IDBRequest<T>): Promise<T> {
  const db = await open()
  try {
    return await new Promise((done, failed) => {
      const t = db.transaction([keys, things], mode)
      const asked = ask(t)
      t.oncomplete = () => done(asked.result)
      t.onabort = t.onerror = () => failed(t.error ?? new Error('IndexedDB'))
    })
  } finally {
    db.close()
  }
}

const range = (owner: string, kind?: string) => (kind === undefined ? IDBKeyRange.bound([owner], [owner, []]) : IDBKeyRange.bound([owner, kind], [owner, kind, []]))
const bound = (s: Pick<Sealed, 'owner' | 'kind' | 'name' | 'at'>) => new TextEncoder().encode(JSON.stringify([s.owner, s.kind, s.name, s.at]))

/** nameOf is a name for a locker or a thing in it, from which nobody can read whose it is or what. */
export async function nameOf(what: string): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('parus locker ' + what)))
  return Array.from(sum.subarray(0, 16), (b) => b.toString(16).padStart(2, '0')).join('')
}

export class Locker {
  readonly owner: string
  private readonly now: () => number
  constructor(owner: string, now: () => number = Date.now) {
    this.owner = owner
    this.now = now
  }

  /** put keeps bytes under a name, in place of what was there. */
  async put(kind: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const head = { owner: this.owner, kind, name, at: this.now() }
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const key = await this.key(true)
    const sealed: Sealed = { ...head, iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(head) }, key!, bytes) }
    await within('readwrite', (t) => t.objectStore(things).put(sealed))
  }

  async putJSON(kind: string, name: string, value: unknown): Promise<void> {
    await this.put(kind, name, new TextEncoder().encode(JSON.stringify(value)))
  }

  /** get is what lies under a name; undefined where nothing does, or nothing that this key opens. */
  async get(kind: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const s = (await within('readonly', (t) => t.objectStore(things).get([this.owner, kind, name]))) as Sealed | undefined
    return s && this.unseal(s)
  }

  /** allJSON are the values of a kind that were put in since an instant (milliseconds), by name. */
  async allJSON<T>(kind: string, since = 0): Promise<T[]> {
    const all = (await within('readonly', (t) => t.objectStore(things).getAll(range(this.owner, kind)))) as Sealed[]
    const opened = await Promise.all(all.filter((s) => s.at >= since).map((s) => this.unseal(s)))
    return opened.flatMap((b) => (b ? [JSON.parse(new TextDecoder().decode(b)) as T] : []))
  }

  async remove(kind: string, names: string[]): Promise<void> {
    for (const n of names) await within('readwrite', (t) => t.objectStore(things).delete([this.owner, kind, n]))
  }

  /** clear takes out what of a kind was put in before an instant (milliseconds): all of it, where none is named. */
  async clear(kind: string, before = Infinity): Promise<void> {
    const all = (await within('readonly', (t) => t.objectStore(things).getAll(range(this.owner, kind)))) as Sealed[]
    await this.remove(kind, all.filter((s) => s.at < before).map((s) => s.name))
  }

  /** empty takes out everything, and the key. */
  async empty(): Promise<void> {
    await within('readwrite', (t) => {
      t.objectStore(keys).delete(this.owner)
      return t.objectStore(things).delete(range(this.owner))
    })
  }

  /** key is the locker's key; made where there is none yet and one is needed. */
  private async key(needed: boolean): Promise<CryptoKey | undefined> {
    const there = (await within('readonly', (t) => t.objectStore(keys).get(this.owner))) as CryptoKey | undefined
    if (there || !needed) return there
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    await within('readwrite', (t) => {
      const store = t.objectStore(keys)
      const asked = store.get(this.owner)
      asked.onsuccess = () => { if (!asked.result) store.put(made, this.owner) } // another tab may have been first
      return asked
    })
    return this.key(false)
  }

  private async unseal(s: Sealed): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const key = await this.key(false)
    if (!key) return undefined
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: s.iv, additionalData: bound(s) }, key, s.bytes))
    } catch {
      return undefined // tampered with, or sealed under another key: as good as lost
    }
  }
}
