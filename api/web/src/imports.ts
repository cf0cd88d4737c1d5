// The imports page: a clerk brings a file in; everybody who may reads what came in and what did not.

import './imports.css'
import { Problem, type Schemas } from './client.ts'
import { h } from './dom.ts'
import { feedNames, importTexts, type Feed, type ImportTexts } from './imports.texts.ts'
import { feedName, importReport, moment, save } from './importreport.ts'
import { keyOf, send } from './importsend.ts'
import { number } from './numbers.ts'
import type { PageContext } from './pages.ts'

export async function importsPage(context: PageContext): Promise<HTMLElement> {
  const t = importTexts(context.language)
  const { client, county, item, language, me } = context
  const list = await former(context, t)
  const shown = item && /^\d+$/.test(item) ? await client.get('/v1/imports/{id}', { path: { id: Number(item) } }) : null
  const report = h('div', {}, shown && shown.county === county.code && importReport(client, shown, t, language))
  return h('div', { class: 'paper imports' }, h('h1', {}, t.title), h('p', { class: 'note' }, t.lead),
    me.role === 'clerk' ? form(context, t, shown?.feed) : h('p', { class: 'note' }, t.readOnly), report, list, me.role === 'clerk' && keptClaims(context, t))
}

/** keptClaims gives the claims that the service keeps as a file to bring in. */
function keptClaims({ client, county }: PageContext, t: ImportTexts): HTMLElement {
  const said = h('p', { class: 'status', role: 'status' })
  const get = async () => {
    const status = await save(client, `/v1/claims.csv?county=${county.code}`, `claims-${county.code}.csv`)
    said.replaceChildren(status && h('span', { class: 'wrong' }, `${t.failed}: ${status}`))
  }
  return h('section', {}, h('h2', {}, t.keptClaims), h('p', { class: 'note' }, t.keptClaimsNote), h('button', { type: 'button', onclick: () => void get() }, t.keptClaimsGet), said)
}

/** form sends a file; what came of it is a page of its own in the address. */
function form(context: PageContext, t: ImportTexts, last: string | undefined): HTMLElement {
  const { client, county, language, left, go } = context
  const feed = h('select', { id: 'import-feed' }, (Object.keys(feedNames) as Feed[]).map((f) => h('option', { value: f, selected: f === last }, `${feedName(f, language)} (${f})`)))
  const received = h('input', { type: 'date', max: new Date().toISOString().slice(0, 10) })
  const crs = h('select', {}, h('option', { value: '' }, '–'), ['EPSG:4326', 'EPSG:4490', 'GCJ-02'].map((v) => h('option', { value: v }, v)))
  const crsField = h('label', { class: 'field', hidden: last !== 'claims' }, t.crs, crs)
  const file = h('input', { type: 'file', id: 'import-file', accept: '.csv,.txt,.xlsx,.json,.geojson,.gpx' })
  const named = h('span', {}, t.drop)
  const drop = h('label', { class: 'drop' }, file, h('b', {}, named), h('br'), h('span', { class: 'note' }, t.types))
  const bar = h('progress', { max: '1', value: '0', 'aria-label': t.sending, hidden: true })
  const said = h('p', { class: 'status', role: 'status' })
  const button = h('button', { type: 'submit', class: 'primary' }, t.run)
  const halt = h('button', { type: 'button', hidden: true }, t.stop)
  let key = keyOf()
  feed.addEventListener('change', () => { crsField.hidden = feed.value !== 'claims' })
  const chosen = () => {
    key = keyOf()
    const f = file.files?.[0]
    named.textContent = f ? `${t.chosen}: ${f.name} (${number(Math.ceil(f.size / 1000), 0)} kB)` : t.drop
    said.textContent = ''
  }
  file.addEventListener('change', chosen)
  for (const [event, over] of [['dragover', true], ['dragleave', false], ['drop', false]] as const) {
    drop.addEventListener(event, (e) => {
      e.preventDefault()
      drop.classList.toggle('over', over)
      if (event !== 'drop' || !e.dataTransfer?.files.length) return
      file.files = e.dataTransfer.files
      chosen()
    })
  }
  const submit = async (e: Event) => {
    e.preventDefault()
    const f = file.files?.[0]
    if (!f) return void (said.textContent = t.needFile)
    const stop = new AbortController()
    left.addEventListener('abort', () => stop.abort())
    halt.onclick = () => stop.abort()
    const busy = (on: boolean) => { bar.hidden = halt.hidden = !on; button.disabled = on }
    busy(true)
    said.textContent = t.sending
    try {
      const done = await send(client, { county: county.code, feed: feed.value as Feed, received: received.value, crs: crsField.hidden ? '' : crs.value, file: f }, key, stop.signal, (share) => {
        bar.value = share
        if (share === 1) {
          bar.removeAttribute('value')
          said.textContent = t.looking
        }
      })
      go({ item: String(done.id) })
    } catch (e) {
      said.replaceChildren(h('span', { class: 'wrong' }, wrong(e, t)))
    } finally {
      busy(false)
    }
  }
  return h('form', { onsubmit: submit }, h('label', { class: 'field' }, t.feed, feed), h('label', { class: 'field' }, t.received, received), crsField, drop, h('div', { class: 'row' }, button, halt), bar, said)
}

function wrong(e: unknown, t: ImportTexts): string {
  if (e instanceof DOMException) return t.stopped
  if (!(e instanceof Problem)) return `${t.failed}: ${String(e)}`
  if (e.status === 0) return t.unreachable
  const request = e.request ? ` (${t.request} ${e.request})` : ''
  return e.status === 422 ? `${t.refused}: ${e.detail}` : `${t.failed}: ${e.message}${e.detail ? `: ${e.detail}` : ''}${request}`
}

/** former lists what was brought in, the newest first. */
async function former(context: PageContext, t: ImportTexts): Promise<HTMLElement> {
  const { client, county, language, item, go } = context
  const body = h('tbody', {})
  const older = h('button', { type: 'button', hidden: true }, t.older)
  let cursor: string | undefined
  const row = (i: Schemas['Import']) => h('tr', { 'aria-current': String(i.id) === item ? 'true' : null },
    h('th', { scope: 'row' }, h('button', { type: 'button', class: 'link', onclick: () => go({ item: String(i.id) }) }, moment(i.imported_at))),
    h('td', {}, feedName(i.feed, language)), h('td', { class: 'zhen' }, i.file), [i.report.rows, i.report.loaded, i.report.rejected, i.report.new].map((n) => h('td', { class: 'n' }, number(n, 0))), h('td', {}, i.imported_by))
  const next = async () => {
    const page = await client.get('/v1/imports', { query: { county: county.code, limit: 20, ...(cursor ? { cursor } : {}) } })
    body.append(...page.items.map(row))
    cursor = page.next
    older.hidden = !cursor
  }
  older.addEventListener('click', () => void next())
  await next()
  return h('section', { 'aria-label': t.former }, h('h2', {}, t.former),
    body.childElementCount === 0 ? h('p', { class: 'note' }, t.none)
      : h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.former }, h('table', {},
        h('thead', {}, h('tr', {}, [t.when, t.feed, t.file].map((x) => h('th', { scope: 'col' }, x)), [t.rows, t.loaded, t.rejected, t.added].map((x) => h('th', { scope: 'col', class: 'n' }, x)), h('th', { scope: 'col' }, t.who))), body)), older)
}
