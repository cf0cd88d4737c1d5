// Who a grower is: masked, and whole for a while after the purpose was given.

import { Problem, type Client, type Schemas } from './client.ts'
import { h } from './dom.ts'
import { sightTexts } from './sight.texts.ts'
import type { Language } from './state.ts'
import { textsIn } from './words.ts'

type Person = Schemas['Person']

export const meetsGrowers = (role: string) => ['clerk', 'officer', 'approver', 'risk_manager'].includes(role)

/** shownFor is how long a person stays unmasked, in milliseconds. */
export const shownFor = 180_000

let made = 0 // fields, each with an ID of its own
const whole = new Map<string, { person: Person; until: number }>() // in memory alone, by county and grower

/** unmasked is a grower whom the user sees whole now. */
export function unmasked(county: string, grower: string, now = Date.now()): Person | null {
  const found = whole.get(`${county}/${grower}`)
  if (found && found.until > now) return found.person
  whole.delete(`${county}/${grower}`)
  return null
}

/** forget masks everybody: somebody else may sit here next. */
export const forget = () => whole.clear()

const facts = (p: Person, language: Language) => {
  const t = sightTexts(language)
  return h('dl', { class: 'facts' }, [[t.name, p.name], [t.number, p.number], [t.phone, p.phone]].map(([k, v]) => v && h('div', {}, h('dt', {}, k), h('dd', {}, v))))
}

/** personPart shows a grower masked, with a way to see him whole. changed is told when that begins and ends. */
export function personPart(client: Client, role: string, county: string, grower: string, language: Language, changed: () => void = () => {}): HTMLElement {
  const t = sightTexts(language)
  const body = h('div', {})
  const part = h('section', { class: 'person' }, h('h3', {}, t.person), body)
  if (!meetsGrowers(role)) {
    body.append(h('p', { class: 'note' }, t.denied))
    return part
  }
  const asked = { path: { id: grower }, query: { county } }
  const failed = (e: unknown) => body.replaceChildren(h('p', { class: e instanceof Problem && e.status === 404 ? 'note' : 'wrong' }, e instanceof Problem && e.status === 404 ? t.noPerson : `${textsIn(language).failed}: ${e instanceof Error ? e.message : String(e)}`))
  const mask = () => {
    whole.delete(`${county}/${grower}`)
    void masked()
    changed()
  }
  const masked = async () => {
    try {
      const person = await client.get('/v1/growers/{id}', asked)
      const id = `purpose-${++made}`
      const purpose = h('input', { type: 'text', id, minlength: 4, maxlength: 500, required: true, autocomplete: 'off', placeholder: t.purposeHint })
      body.replaceChildren(facts(person, language), h('form', {
        class: 'unmask',
        onsubmit: (e: SubmitEvent) => {
          e.preventDefault()
          client.post('/v1/growers/{id}/unmask', { purpose: purpose.value }, asked).then((p) => {
            whole.set(`${county}/${grower}`, { person: p, until: Date.now() + shownFor })
            reveal()
            body.querySelector<HTMLElement>('button')?.focus()
            changed()
          }, failed)
        },
      }, h('label', { for: id }, t.purpose), h('div', { class: 'field' }, purpose, h('button', { type: 'submit' }, t.show))))
    } catch (e) {
      failed(e)
    }
  }
  const reveal = () => {
    const seen = whole.get(`${county}/${grower}`)
    if (!seen) return void masked()
    const until = new Date(seen.until)
    body.replaceChildren(h('div', { class: 'whole' }, facts(seen.person, language)), h('p', { class: 'note' }, `${t.shownUntil} ${until.toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB')} `, h('button', { type: 'button', onclick: mask }, t.hide)))
    setTimeout(() => { if (body.isConnected && !unmasked(county, grower)) mask() }, Math.max(0, seen.until - Date.now()) + 50)
  }
  if (unmasked(county, grower)) reveal()
  else void masked()
  return part
}
