// The room of the pages beside the map: one at a time, made by its own files.

import { Problem } from './client.ts'
import { h } from './dom.ts'
import type { Page, PageContext } from './pages.ts'
import { textsIn } from './words.ts'
import { why } from './wrong.ts'

/** Room shows a page, or nothing while the map is shown. */
export class Room {
  readonly box = h('main', { class: 'room', hidden: true })
  private shown = '' // of what the page was made
  private leave = new AbortController()
  private again: (() => void) | null = null // makes the page that could not be made

  /** show makes the page, unless it stands there already; null leaves the room. */
  show(page: Page | null, context: Omit<PageContext, 'left'>): void {
    const { county, run, language, item } = context
    const of = page ? JSON.stringify([page.id, county.code, run?.id, language, item]) : ''
    if (of === this.shown) return
    this.shown = of
    this.again = null
    this.leave.abort()
    this.leave = new AbortController()
    this.box.hidden = !page
    if (!page) return this.box.replaceChildren()
    const t = textsIn(language)
    const left = this.leave.signal
    const from = document.activeElement
    this.box.replaceChildren(h('p', { class: 'message', role: 'status' }, t.loading))
    Promise.resolve().then(() => page.open({ ...context, left })).then((content) => {
      if (left.aborted) return
      this.box.replaceChildren(content)
      const now = document.activeElement
      if (now === document.body || now === from) this.heading()
      scrollTo({ top: 0 })
    }, (e: unknown) => {
      if (left.aborted) return
      const again = e instanceof Problem ? () => { this.shown = ''; this.show(page, context) } : () => location.reload() // a page's code that did not come does not come a second time
      this.again = again
      this.box.replaceChildren(h('div', { class: 'paper' }, h('h1', {}, page.title[language]),
        h('p', { class: 'wrong', role: 'alert' }, why(e, language)),
        h('button', { type: 'button', onclick: again }, t.again)))
    })
  }

  /** retry makes a page anew that could not be made. */
  retry(): void {
    this.again?.()
  }

  /** heading takes the focus to the page's heading. */
  heading(): void {
    const top = this.box.querySelector<HTMLElement>('h1, h2')
    top?.setAttribute('tabindex', '-1')
    top?.focus({ preventScroll: true })
  }
}
