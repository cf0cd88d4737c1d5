// The service worker: this build's own files open without a network. It keeps them and
// nothing else: what the service answers under /v1 it neither sees nor keeps. The build
// (vite.config.ts) writes in which files there are, so that each build is another worker.

declare const self: ServiceWorkerGlobalScope
export {}

const files: Record<string, string> = '__FILES__' as never // address → its SHA-256 (Subresource Integrity)
const cacheName = 'parus-__BUILD__'
const patience = 4_000 // milliseconds until a network that does not answer counts as none

/** Routes of requests that need no worker (Static Routing API); where it is missing they pass through unanswered. */
interface Routing {
  addRoutes?(rules: { condition: object; source: 'network' }[]): Promise<void>
}

self.addEventListener('install', (e) => {
  void self.skipWaiting()
  e.waitUntil(Promise.all([
    (e as ExtendableEvent & Routing).addRoutes?.([{ condition: { urlPattern: { pathname: '/v1/*' } }, source: 'network' }]),
    // A file that is not this build's own (two builds behind one address) fails the hash, and the worker is tried again later.
    caches.open(cacheName).then((c) => c.addAll(Object.entries(files).map(([at, integrity]) => new Request(at, { integrity })))),
  ]))
})

self.addEventListener('activate', (e) => {
  e.waitUntil(caches.keys().then((names) => Promise.all(names.filter((n) => n.startsWith('parus-') && n !== cacheName).map((n) => caches.delete(n)))))
})

self.addEventListener('fetch', (e) => {
  const at = new URL(e.request.url)
  if (e.request.method !== 'GET' || at.origin !== self.location.origin) return
  if (e.request.mode === 'navigate') {
    if (at.pathname === '/') e.respondWith(page(e.request))
  } else if (at.pathname in files) {
    e.respondWith(kept(at.pathname).then((r) => r ?? fetch(e.request)))
  }
})

const kept = async (at: string): Promise<Response | undefined> => (await caches.open(cacheName)).match(at)

/** page is the newest page, or the kept one where the network does not give it in time. */
async function page(asked: Request): Promise<Response> {
  const fresh = fetch(asked)
  const late = new Promise<undefined>((done) => setTimeout(done, patience))
  const first = await Promise.race([fresh, late]).catch(() => undefined)
  if (first && first.status < 500) return first
  return (await kept('/')) ?? fresh
}
