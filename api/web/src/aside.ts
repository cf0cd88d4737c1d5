// The page beside the map: the sheet of the plot that is chosen, while it is asked for,
// once it is there, or why it is not.

import { Problem, type Client, type Schemas } from './client.ts'
import { h } from './dom.ts'
import { ask, sheet, type Around, type Known } from './sheet.ts'
import type { Language } from './state.ts'
import { textsIn } from './words.ts'
import { unreached, why } from './wrong.ts'

/** Frame is what the page needs of what stands around it. */
interface Frame {
  main: HTMLElement // wears the class "open" while there is a page
  around(): Around
  decisions: boolean // whether the reader sees any
  resized(): void // the map has another width
}

export class Aside {
  readonly box = h('aside', { class: 'page', hidden: true })
  private known: Known | null = null
  private asked = 0 // number of the newest question
  private again: (() => void) | null = null // asks once more what nobody answered

  constructor(private readonly client: Client, private readonly frame: Frame) {}

  /** open shows a plot's sheet; null where another was asked for meanwhile, or there is none. */
  async open(run: Schemas['Run'], plot: string, language: Language): Promise<Known | null> {
    const asked = ++this.asked
    const t = textsIn(language)
    const from = document.activeElement
    this.known = this.again = null
    this.put(h('p', { class: 'message', role: 'status' }, t.loading))
    try {
      const known = await ask(this.client, run, plot, this.frame.decisions)
      if (asked !== this.asked) return null
      this.known = known
    } catch (e) {
      if (asked !== this.asked) return null
      if (unreached(e)) this.again = () => void this.open(run, plot, language)
      const text = e instanceof Problem && e.status === 404 ? t.notFound : why(e, language)
      this.put(h('div', { class: 'sheet' }, h('p', { class: 'wrong', role: 'alert' }, text), h('button', { type: 'button', onclick: () => this.frame.around().close() }, t.close)))
      return null
    }
    this.show(language)
    const now = document.activeElement
    if (now === from || !(now instanceof HTMLInputElement)) this.box.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true }) // who types elsewhere by now goes on typing
    scrollTo({ top: 0 }) // on a phone the list stands under the sheet, the sheet under the map
    return this.known
  }

  /** show writes the sheet anew, where there is one. */
  show(language: Language): void {
    if (this.known) this.put(sheet(this.known, language, this.frame.around()))
  }

  retry(): void {
    this.again?.()
  }

  close(): void {
    this.asked++
    this.known = this.again = null
    this.box.hidden = true
    this.box.replaceChildren()
    this.frame.main.classList.remove('open')
    this.frame.resized()
  }

  private put(content: HTMLElement): void {
    this.box.hidden = false
    this.box.replaceChildren(content)
    this.box.scrollTop = 0
    if (this.frame.main.classList.contains('open')) return
    this.frame.main.classList.add('open')
    this.frame.resized()
  }
}
