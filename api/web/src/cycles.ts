// The crop cycles of a plot, with why where the crop cannot be told.

import type { Schemas } from './client.ts'
import { h, type Child } from './dom.ts'
import { between } from './imagery.ts'
import { addDays, number, percent } from './numbers.ts'
import { sightTexts } from './sight.texts.ts'
import { sourced, toCards, toDay, type Leads } from './source.ts'
import type { Language } from './state.ts'
import { called, cropWord, cropsIn, textsIn } from './words.ts'

type Cycle = Schemas['Cycle']

const span = (a: string | undefined, b: string | undefined) => (!a && !b ? '–' : a === b || !b ? a! : !a ? b : `${a} – ${b.slice(0, 4) === a.slice(0, 4) ? b.slice(5) : b}`)

const near = 8 // days around a date whose imagery shows it

/** cyclesPart shows all cycles; growth names the growth models of the run where they are known, seen are the days on which the plot was seen clear. */
export function cyclesPart(cycles: Cycle[], growth: string, seen: string[], leads: Leads, language: Language): HTMLElement {
  const t = textsIn(language)
  const sight = sightTexts(language)
  const toPixels = (day: string): Child => {
    const found = between(leads.days, addDays(day, -near), addDays(day, near + 1))
    return found ? [' ', toDay(`${sight.look} ${found.date}`, () => leads.look(found.date), found.date)] : null
  }
  const crop = (c: Cycle): Child[] => [t.srcCrop, toCards(c.crop_model ?? '–', leads)]
  const row = (name: string, value: Child) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
  const cards = cycles.map((c) => {
    const dates = (v: string, day?: string) => (v === '–' ? v : sourced(v, t.source, t.srcDates, day && toPixels(day)))
    const yields = [c.yield_p10_kg_mu, c.yield_p50_kg_mu, c.yield_p90_kg_mu]
    const differs = c.assessable && c.crop && c.crop_declared && !`+${c.crop_declared}+`.includes(`+${c.crop}+`)
    const name = c.crop ? h('b', {}, h('i', { class: 'swatch', style: `background:${c.assessable ? cropWord(c.crop).colour : '#c9c6bd'}` }), cropWord(c.crop)[language]) : h('b', {}, '–')
    return h('li', { class: 'cycle-card' },
      h('h4', {}, c.cycle > 0 ? `${t.cycle} ${c.cycle}` : t.noCycle, c.current && h('span', { class: 'now' }, t.current)),
      h('dl', {},
        row(t.crop, c.crop ? [sourced(name, t.source, crop(c)), !c.in_service && h('small', {}, ' ' + t.experimental), differs && h('small', { class: 'differs' }, ' ' + t.differs)] : '–'),
        c.crop_probability !== undefined && row(t.probability, sourced(percent(c.crop_probability), t.source, crop(c))),
        (!c.assessable || c.reason) && row(t.whyNot, h('span', { class: 'differs' }, called('states', c.reason ?? '', language) || '–', ` (${c.clear_dates} ${t.clearDates})`)),
        row(sight.clearDates, sourced(String(c.clear_dates), t.source, sight.srcSeen, seen.length > 0 ? seen.map((d, i) => [i > 0 && ', ', toDay(d, () => leads.look(d), `${sight.look} ${d}`)]) : '–')),
        row(t.declared, c.crop_declared ? sourced(cropsIn(c.crop_declared, language), t.source, t.srcDeclared) : '–'),
        c.emergence !== undefined && row(t.emergence, dates(c.emergence, c.emergence)),
        c.peak !== undefined && row(t.peak, dates(c.peak, c.peak)),
        c.harvest_p50 !== undefined && row(t.harvest, dates(span(c.harvest_p25, c.harvest_p75), c.harvest_p50)),
        c.growth_grade !== undefined && row(t.grade, sourced(String(c.growth_grade), t.source, t.srcGrade, toCards(growth, leads))),
        c.lai_peak !== undefined && row(t.lai, sourced(number(c.lai_peak, 1), t.source, sight.srcLAI, toCards(growth, leads), c.peak && toPixels(c.peak))),
        yields[1] !== undefined && row(t.yieldRange, sourced(yields.map((v) => (v === undefined ? '–' : number(v, 0))).join(' – '), t.source, t.srcYield + (c.yield_basis ?? '–'))),
      ))
  })
  return h('section', {}, h('h3', {}, t.cycles), cards.length > 0 ? h('ol', { class: 'cycles' }, cards) : h('p', { class: 'note' }, t.noCycle))
}
