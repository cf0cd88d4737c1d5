// The service worker (sw.ts), which opens the page without a network: there while
// somebody is signed in, gone with its files when he signs out.

const idle = (then: () => void) => ('requestIdleCallback' in window ? requestIdleCallback(then, { timeout: 10_000 }) : setTimeout(then, 2_000))

/** settle installs the worker once the page has nothing better to do, such as drawing a map. */
export function settle(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  if (document.querySelector('[data-drawing]')) return void setTimeout(settle, 1_000)
  idle(() => void navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => undefined)) // without it the page works with a network alone
}

/** unsettle takes the worker and what it kept away. */
export async function unsettle(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  for (const r of await navigator.serviceWorker.getRegistrations()) await r.unregister()
  for (const name of await caches.keys()) if (name.startsWith('parus-')) await caches.delete(name)
}
