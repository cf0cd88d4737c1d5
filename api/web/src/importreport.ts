// What one import brought in, how good its file was, and which rows were not used.

import { Problem, type Client, type Schemas } from './client.ts'
import { h } from './dom.ts'
import { feedNames, type Feed, type ImportTexts } from './imports.texts.ts'
import { number, percent } from './numbers.ts'
import type { Language } from './state.ts'

type Import = Schemas['Import']

/** feedName is a feed in the reader's language. */
export const feedName = (feed: string, language: Language): string => feedNames[feed as Feed]?.[language === 'zh' ? 1 : 0] ?? feed

/** moment writes an instant in the reader's own time. */
export const moment = (at: string): string => {
  const d = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`
}

export function importReport(client: Client, i: Import, t: ImportTexts, language: Language): HTMLElement {
  const r = i.report
  const count = (label: string, n: number, bad = false) => h('div', { class: bad && n > 0 ? 'bad' : null }, h('dt', {}, label), h('dd', {}, number(n, 0)))
  const fact = (label: string, ...value: string[]) => h('div', {}, h('dt', {}, label), h('dd', {}, value.filter(Boolean).join(', ')))
  const some = Object.entries(r.missing).filter(([, share]) => share < 1).sort((a, b) => b[1] - a[1])
  const absent = Object.keys(r.missing).filter((name) => r.missing[name] === 1).sort()
  return h('section', { 'aria-label': t.report },
    h('h2', { tabindex: '-1' }, `${t.report} ${i.id}: ${feedName(i.feed, language)}`),
    h('p', { class: 'note' }, `${i.file} · ${r.format} · ${number(Math.ceil(i.size / 1000), 0)} kB · ${moment(i.imported_at)} · ${i.imported_by}`),
    h('dl', { class: 'counts' }, count(t.rows, r.rows), count(t.loaded, r.loaded), count(t.rejected, r.rejected, true), count(t.added, r.new), count(t.newer, r.newer), count(t.unchanged, r.unchanged)),
    h('dl', { class: 'facts' },
      fact(t.coverage, `${number(r.growers, 0)} ${t.growers}`, `${number(r.parcels, 0)} ${t.parcels}`, r.of_roster > 0 ? `${percent(r.of_roster)} ${t.ofRoster}` : ''),
      fact(t.freshness, r.newest ? `${t.newest} ${r.newest}` : t.unknown, r.age_days >= 0 && r.newest ? `${number(r.age_days, 0)} ${t.days}` : '')),
    r.ignored > 0 && h('p', { class: 'note' }, `${r.ignored} ${t.ignored}`),
    h('h3', {}, t.missing), some.length === 0 ? h('p', { class: 'note' }, t.complete) : h('ul', { class: 'missing' }, some.map(([name, share]) => h('li', {}, h('code', {}, name), h('span', {}, number(100 * share, 1) + ' %')))),
    absent.length > 0 && h('p', { class: 'note' }, `${t.absent}: `, h('code', {}, absent.join(', '))),
    r.notes.length > 0 && [h('h3', {}, t.notes), h('ul', { class: 'reasons' }, r.notes.map((n) => h('li', {}, n)))],
    h('h3', {}, t.rejects), r.rejected === 0 ? h('p', { class: 'note' }, t.noRejects) : rejects(client, i, t, language))
}

function rejects(client: Client, i: Import, t: ImportTexts, language: Language): HTMLElement {
  const body = h('tbody', {})
  const said = h('p', { class: 'status', role: 'status' })
  const more = h('button', { type: 'button', hidden: true }, t.more)
  const zh = language === 'zh'
  const masked = (v: string) => (zh ? v.replace(/^\((\d+) characters, not shown\)$/, '（$1个字符，不显示）') : v)
  let cursor: string | undefined
  const next = async () => {
    try {
      const page = await client.get('/v1/imports/{id}/rejects', { path: { id: i.id }, query: { limit: 100, ...(cursor ? { cursor } : {}) } })
      body.append(...page.items.map((r) => h('tr', {}, h('th', { scope: 'row', class: 'n' }, r.row ?? '–'), h('td', {}, r.column ? h('code', {}, r.column) : t.whole), h('td', { class: 'zhen' }, masked(r.value) || '–'),
        h('td', {}, zh ? r.reason_zh : r.reason), h('td', {}, zh ? r.advice_zh : r.advice))))
      cursor = page.next
      more.hidden = !cursor
    } catch (e) {
      more.hidden = true
      said.textContent = e instanceof Problem && e.status === 409 ? t.elsewhere : `${t.failed}: ${e instanceof Error ? e.message : String(e)}`
    }
  }
  more.addEventListener('click', () => void next())
  const download = async () => {
    const status = await save(client, `/v1/imports/${i.id}/rejects.csv`, `rejects-${i.id}.csv`)
    if (status) said.textContent = `${t.failed}: ${status}`
  }
  void next()
  return h('div', {},
    h('div', { class: 'row' }, h('span', { class: 'note' }, t.masked), h('button', { type: 'button', onclick: () => void download() }, t.download)),
    h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.rejects }, h('table', { class: 'rejects' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'n' }, t.row), [t.column, t.value, t.reason, t.advice].map((x) => h('th', { scope: 'col' }, x)))), body)), more, said)
}

/** save downloads a file under a name; what went wrong, or ''. */
export async function save(client: Client, address: string, name: string): Promise<string> {
  const answer = await fetch(address, { headers: client.headers() })
  if (!answer.ok) return answer.statusText || String(answer.status)
  const link = h('a', { href: URL.createObjectURL(await answer.blob()), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return ''
}
