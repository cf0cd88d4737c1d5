// A survey on the land: form, place and photos, kept on the device until they are sent.

import type { Schemas } from './client.ts'
import { h } from './dom.ts'
import { mu } from './numbers.ts'
import { deliver, discard, flush, flushed, keep, waiting } from './outbox.ts'
import { shrunk } from './photo.ts'
import { namesOf, placesOf, type Names } from './places.ts'
import { button, choice, facts, field, form, prose, since, when, type View } from './workform.ts'
import { words } from './words.ts'

const mostPhotos = 12

/** placePart records where the surveyor stands. */
function placePart(v: View): { box: HTMLElement; at: () => { lat: number; lon: number; accuracy_m: number } | null } {
  const { t } = v
  let place: { lat: number; lon: number; accuracy_m: number } | null = null
  const said = h('span', { role: 'status' }, ' ' + t.noPlace)
  const find = h('button', {
    type: 'button', onclick: () => {
      said.textContent = ' ' + t.finding
      navigator.geolocation.getCurrentPosition((p) => {
        place = { lat: p.coords.latitude, lon: p.coords.longitude, accuracy_m: p.coords.accuracy }
        said.textContent = ` ${place.lat.toFixed(5)}, ${place.lon.toFixed(5)} · ${t.accuracy} ${Math.round(place.accuracy_m)} m`
      }, (e) => { said.textContent = ` ${t.placeFailed}: ${e.message}` }, { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 })
    },
  }, t.findPlace)
  return { box: h('div', { class: 'whole' }, find, said), at: () => place }
}

/** photoPart takes photos and keeps them shrunk. */
function photoPart(v: View): { box: HTMLElement; photos: Blob[] } {
  const { t } = v
  const photos: Blob[] = []
  const thumbs = h('div', { class: 'thumbs' })
  const wrong = h('p', { class: 'wrong', role: 'alert' })
  const input = h('input', { type: 'file', accept: 'image/*', capture: 'environment', multiple: true })
  const show = () => thumbs.replaceChildren(...photos.map((p, i) => {
    const address = URL.createObjectURL(p)
    return h('figure', {}, h('img', { src: address, alt: `${t.photos} ${i + 1}`, onload: () => URL.revokeObjectURL(address) }),
      h('button', { type: 'button', class: 'link', onclick: () => { photos.splice(i, 1); show() } }, t.removePhoto))
  }))
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    input.value = ''
    wrong.textContent = ''
    void (async () => {
      for (const f of files.slice(0, mostPhotos - photos.length)) {
        await shrunk(f).then((p) => photos.push(p), () => { wrong.textContent = t.tooLarge })
      }
      show()
    })()
  })
  return { box: h('div', { class: 'whole' }, field(t.addPhotos, input), thumbs, wrong), photos }
}

async function surveyForm(v: View, task: Schemas['Task'], taking: HTMLElement): Promise<HTMLElement> {
  const { t, client, locker, language } = v
  const crops = Object.fromEntries(words.crops.filter((c) => c.code).map((c) => [c.code, c[language]]))
  const [crop, farmed, condition, boundary] = [crops, t.farmed, t.condition, t.boundary].map((words) => { // nothing is said before he says it
    const c = choice(words, '', '–')
    c.required = true
    return c
  }) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement, HTMLSelectElement]
  const note = prose()
  const place = placePart(v)
  const camera = photoPart(v)
  const done = h('div', { role: 'status' })
  const f = form(v, t.sendSurvey, [field(t.crop, crop), field(t.farmedBy, farmed), field(t.conditionOf, condition), field(t.boundaryOf, boundary), field(t.note, note, t.whyHint), place.box, camera.box], async (key) => {
    const at = place.at()
    const survey = { seen_at: new Date().toISOString(), crop: crop.value, farmed: farmed.value, condition: condition.value, boundary: boundary.value, note: note.value.trim(), ...(at ?? {}) }
    const photos = [...camera.photos]
    const w = { key, task: task.id, survey, photos: photos.length }
    const here = await keep(locker, w, photos).then(() => true, () => false) // a browser that keeps nothing sends at once
    await (here ? flush(client, locker) : deliver(client, w, photos))
    const left = here ? (await waiting(locker)).find((x) => x.key === key) : undefined
    if (left?.refused) {
      await discard(locker, left)
      throw new Error(t.problems[left.refused] ?? left.refused)
    }
    f.hidden = taking.hidden = true
    const toApplication = task.application ? h('button', { type: 'button', onclick: () => v.go({ item: `application-${task.application}` }) }, `${t.application} ${task.application}`) : ''
    const tell = async () => {
      const waits = here && (await waiting(locker)).some((x) => x.key === key)
      done.replaceChildren(h('p', { class: waits ? 'outbox' : 'done' }, waits ? t.keptHere : t.sent), waits ? '' : toApplication)
    }
    document.addEventListener(flushed, () => void tell(), { signal: v.left })
    await tell()
  }, true)
  return h('div', {}, f, done)
}

/** landPart says which land there is to look at: where, how much, which parcels. */
function landPart({ t, language, go }: View, land: Schemas['Parcel'][], names: Names): HTMLElement {
  const first = land[0]
  if (!first) return h('p', { class: 'note' }, `${t.land}: ${t.noLand}`)
  const all = land.reduce((sum, p) => sum + p.area_mu, 0)
  return h('div', {},
    h('p', {}, `${t.land}: `, h('b', { lang: 'zh-CN' }, placesOf(names, land.map((p) => p.parcel_id)).join('、')), ` ${land.length} ${t.parcels} · ${mu(all, language)} · `,
      h('button', { type: 'button', class: 'link', onclick: () => go({ page: undefined, run: first.run, plot: first.plot_id } as never) }, t.openMap)),
    h('details', {}, h('summary', {}, `${t.land} (${land.length})`), h('ul', { class: 'codes' }, land.map((p) => h('li', {}, h('code', {}, p.parcel_id), ` ${mu(p.area_mu, language)}`)))))
}

/** surveyPage is a task with its form; other kinds are finished with what came of them. */
export async function surveyPage(v: View, id: number): Promise<HTMLElement[]> {
  const { t, client, locker, me } = v
  const waits = (await waiting(locker).catch(() => [])).some((w) => w.task === id && !w.refused)
  const task = await client.get('/v1/tasks/{id}', { path: { id } })
  const land = task.kind === 'survey' ? await client.get('/v1/parcels', { query: { county: task.county, grower_id: task.grower_id, limit: 200 } }).catch(() => null) : null // carried into the field
  const act = (act: 'take' | 'give_back' | 'finish', result?: string) => async () => {
    await client.post('/v1/tasks/{id}/acts', { act, ...(result !== undefined ? { result } : {}) }, { path: { id } })
    await v.again()
  }
  const free = !waits && !task.done_by && (!task.taken_by || task.taken_by === me.id) && me.role !== 'auditor'
  const result = prose()
  const taking = h('p', { class: 'acts' }, free && (task.taken_by ? button(v, t.giveBack, act('give_back')) : button(v, t.take, act('take'))))
  return [
    h('h1', {}, `${t.kinds[task.kind] ?? task.kind} · `, h('code', {}, task.grower_id)),
    facts([[t.application, task.application && h('button', { type: 'button', class: 'link', onclick: () => v.go({ item: `application-${task.application}` }) }, String(task.application))], [t.about, task.subject], [t.note, task.note],
      [t.age, since(task.made_at, t)], [t.due, when(task.due)], [t.takenBy, task.taken_by && v.who(task.taken_by)], [t.finish, task.done_by && [v.who(task.done_by), ` ${when(task.done_at!)}`]], [t.result, task.result]]),
    ...(land ? [landPart(v, land.items, land.items[0] ? await namesOf(client, task.county, land.items[0].run) : {})] : []),
    waits ? h('p', { class: 'outbox' }, t.keptHere) : taking,
    ...(free ? [task.kind === 'survey' ? await surveyForm(v, task, taking) : form(v, t.finish, [field(t.result, result, t.whyHint)], async () => { await act('finish', result.value.trim())() }, true)] : []),
  ]
}
