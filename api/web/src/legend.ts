// What the colours mean, and how much of each is in view; choosing what colours show.

import { h } from './dom.ts'
import { number } from './numbers.ts'
import { themes, type State, type ThemeID } from './state.ts'
import { tally, type Land } from './themes.ts'
import { textsIn } from './words.ts'

/** Legend stands on the map. */
export class Legend {
  readonly box = h('div', { class: 'legend' })
  private readonly select = h('select', { id: 'theme' })
  private readonly label = h('label', { for: 'theme' })
  private readonly summary = h('summary', {})
  private readonly note = h('p', { class: 'note' })
  private readonly rows = h('ul', {})

  constructor(chosen: (theme: ThemeID) => void) {
    this.select.addEventListener('change', () => chosen(this.select.value as ThemeID))
    const narrow = matchMedia('(max-width: 760px)').matches
    this.box.append(h('div', { class: 'by' }, this.label, this.select), h('details', { open: !narrow }, this.summary, this.rows, this.note))
  }

  show(state: State, allowed: (theme: ThemeID) => boolean, lands: Land[], breaks: number[]): void {
    const t = textsIn(state.language)
    this.label.textContent = t.show
    this.summary.textContent = t.legend
    this.note.textContent = t.themeNotes[state.theme]
    this.select.replaceChildren(...themes.filter(allowed).map((id) => h('option', { value: id, selected: id === state.theme }, t.themes[id])))
    this.rows.replaceChildren(...tally(state.theme, lands, breaks).map((r) =>
      h('li', {}, h('i', { class: 'swatch', style: `background:${r.of.colour}` }), h('span', {}, r.of[state.language]), !Number.isNaN(r.mu) && h('span', { class: 'n' }, number(r.mu, 0) + (state.language === 'zh' ? ' 亩' : ' mu')))))
  }
}
