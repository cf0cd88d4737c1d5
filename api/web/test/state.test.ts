import assert from 'node:assert/strict'
import test from 'node:test'
import { readState, writeState, type State } from '../src/state.ts'

test('what is written is read again', () => {
  const state: State = { language: 'zh', theme: 'yield', county: '341599', run: 7, plot: 'P0bf340a88fff', at: { zoom: 14.25, lat: 32.98738, lon: 116.46451 } }
  assert.deepEqual(readState(writeState(state), 'en'), state)
  const page: State = { ...state, page: 'work', item: 'application-17' }
  assert.deepEqual(readState(writeState(page), 'en'), page)
  assert.deepEqual(readState(writeState({ language: 'en', theme: 'crop' }), 'zh'), { language: 'en', theme: 'crop' })
})

test('what is not well formed is left out', () => {
  const bare = { language: 'en', theme: 'crop' }
  for (const hash of ['', '#', '#theme=heat', '#lang=fr', '#county=34159', '#county=<b>', '#run=0', '#run=1.5', '#run=9999999999', '#plot=../../v1/me', '#plot=a b', '#plot=' + 'x'.repeat(101), '#page=Work', '#page=a-b', '#item=7',
    '#at=14/91/116', '#at=14/32', '#at=//', '#at=a/b/c', '#at=99/1/1', '#at=1/2/3/4']) {
    assert.deepEqual(readState(hash, 'en'), bare, hash)
  }
})
