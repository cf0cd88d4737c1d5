// Begins: signs in, asks who that is, and opens the page.

import './style.css'
import { Carried } from './carried.ts'
import { Client, Problem } from './client.ts'
import { h } from './dom.ts'
import { Locker, nameOf } from './locker.ts'
import { askFirst } from './opening.ts'
import { flush, waiting } from './outbox.ts'
import { begin, finish, forget, leave, personOf, token } from './signin.ts'
import { readState, writeState, type Language } from './state.ts'
import { settle, unsettle } from './worker.ts'
import { textsIn } from './words.ts'
import { why } from './wrong.ts'

const root = document.getElementById('app')!
const own: Language = navigator.language.startsWith('zh') ? 'zh' : 'en'

/** welcome is the page of one who has not signed in. */
function welcome(wrong = ''): void {
  const state = readState(location.hash, own)
  const t = textsIn(state.language)
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en'
  document.title = `Parus · ${t.title}`
  const other = () => {
    history.replaceState(null, '', writeState({ ...state, language: state.language === 'zh' ? 'en' : 'zh' }))
    welcome(wrong)
  }
  root.replaceChildren(h('main', { class: 'welcome' },
    h('h1', {}, 'Parus ', h('span', { lang: 'zh-CN' }, '大山雀')), h('p', { class: 'lead' }, t.title), h('p', {}, t.welcome),
    wrong && h('p', { class: 'wrong', role: 'alert' }, wrong),
    !navigator.onLine && h('p', { class: 'no-network', role: 'status' }, `${t.noNetwork} ${t.signInNeedsNetwork}`),
    h('button', { type: 'button', class: 'primary', onclick: () => begin().catch((e: unknown) => welcome(e instanceof TypeError ? t.unreachable : `${t.signInFailed}: ${String(e)}`)) }, t.signIn),
    h('button', { type: 'button', onclick: other, lang: state.language === 'zh' ? 'en' : 'zh-CN' }, t.language)))
}

/** signOut sends what waits, where it can be, and leaves nothing of the reader's on this device. */
async function signOut(client: Client, locker: Locker): Promise<void> {
  await flush(client, locker).catch(() => undefined)
  const left = await waiting(locker).catch(() => [])
  if (left.length > 0 && !confirm(textsIn(readState(location.hash, own).language).unsent)) return
  await locker.empty().catch(() => undefined)
  await unsettle().catch(() => undefined)
  if (!(await leave())) welcome()
}

async function start(): Promise<void> {
  const t = () => textsIn(readState(location.hash, own).language)
  try {
    await finish()
  } catch (e) {
    return welcome(`${t().signInFailed}: ${e instanceof Error ? e.message : String(e)}`)
  }
  const held = token()
  if (!held) return welcome()
  const locker = new Locker(await nameOf(personOf(held)))
  const carried = new Carried(locker)
  const client = new Client(held, () => {
    forget()
    void carried.drop()
    welcome(t().signedOut)
  }, carried)
  try {
    const state = readState(location.hash, own)
    const first = askFirst(client, state)
    if (!state.page) import('./map.ts').catch(() => undefined) // whoever draws is told
    const { App } = await import('./app.ts')
    await new App(root, client, locker, await first.me, own, () => void signOut(client, locker)).start(first)
    settle()
  } catch (e) {
    if (e instanceof Problem && e.status === 401) return
    if (e instanceof Problem && e.status === 403) {
      forget()
      void carried.drop()
    }
    addEventListener('online', () => location.reload(), { once: true })
    root.replaceChildren(h('main', { class: 'welcome' }, h('h1', {}, 'Parus'), h('p', { class: 'wrong', role: 'alert' }, why(e, readState(location.hash, own).language)),
      h('button', { type: 'button', class: 'primary', onclick: () => location.reload() }, t().again)))
  }
}

void start()
