// Says that there is no network, for as long as there is none.

import { reached, type Client } from './client.ts'
import { h } from './dom.ts'
import type { Language } from './state.ts'
import { textsIn } from './words.ts'

const every = 10_000 // milliseconds between two knocks at a service that does not answer

export class Banner {
  readonly box = h('p', { class: 'no-network', role: 'status', hidden: true })

  /** carries: what its reader has taken can be surveyed all the same. */
  constructor(private readonly client: Client, private readonly carries: boolean, private language: Language) {
    client.addEventListener(reached, () => this.show())
    for (const e of ['online', 'offline']) addEventListener(e, () => void client.knock())
    setInterval(() => { if (!client.reachable) void client.knock() }, every)
  }

  show(language = this.language): void {
    this.language = language
    const t = textsIn(language)
    this.box.hidden = this.client.reachable
    this.box.textContent = this.client.reachable ? '' : `${navigator.onLine ? t.unreachable : t.noNetwork} ${this.carries ? t.carried : t.nothingNew}`
  }
}
