// Begins: signs in, asks who that is, and opens the page.

import './style.css'
import { App } from './app.ts'
import { Client, Problem } from './client.ts'
import { h } from './dom.ts'
import { begin, finish, forget, leave, token } from './signin.ts'
import { readState, writeState, type Language } from './state.ts'
import { textsIn } from './words.ts'

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
    h('button', { type: 'button', class: 'primary', onclick: () => begin().catch((e: unknown) => welcome(`${t.signInFailed}: ${String(e)}`)) }, t.signIn),
    h('button', { type: 'button', onclick: other, lang: state.language === 'zh' ? 'en' : 'zh-CN' }, t.language)))
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
  const client = new Client(held, () => {
    forget()
    welcome(t().signedOut)
  })
  try {
    await new App(root, client, await client.get('/v1/me'), own, () => void leave()).start()
  } catch (e) {
    if (e instanceof Problem && e.status === 401) return
    if (e instanceof Problem && e.status === 403) forget()
    root.replaceChildren(h('main', { class: 'welcome' }, h('h1', {}, 'Parus'), h('p', { class: 'wrong', role: 'alert' }, e instanceof Problem && e.status === 0 ? t().unreachable : `${t().failed}: ${e instanceof Error ? e.message : String(e)}`),
      h('button', { type: 'button', class: 'primary', onclick: () => location.reload() }, t().again)))
  }
}

void start()
