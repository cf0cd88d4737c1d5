import assert from 'node:assert/strict'
import test from 'node:test'
import { Carried } from '../src/carried.ts'
import type { Locker } from '../src/locker.ts'

const day = 86_400_000

/** Shelf is a locker without a seal. */
class Shelf {
  now = 0
  things = new Map<string, { at: number; value: unknown }>()
  names = (kind: string) => [...this.things.keys()].filter((k) => k.startsWith(kind + ' '))
  putJSON = async (kind: string, name: string, value: unknown) => void this.things.set(`${kind} ${name}`, { at: this.now, value })
  allJSON = async (kind: string, since = 0) => this.names(kind).map((k) => this.things.get(k)!).filter((s) => s.at >= since).map((s) => s.value)
  remove = async (kind: string, names: string[]) => names.forEach((n) => this.things.delete(`${kind} ${n}`))
  clear = async (kind: string, before = Infinity) => this.names(kind).forEach((k) => { if (this.things.get(k)!.at < before) this.things.delete(k) })
}

const task = (id: number, by: string, grower = 'g' + id) => ({ id, county: '341599', kind: 'survey', grower_id: grower, taken_by: by })

function begin(role: string): { shelf: Shelf; carried: Carried; heard: (address: string, answer: unknown) => void } {
  const shelf = new Shelf()
  const carried = new Carried(shelf as unknown as Locker, () => shelf.now)
  const heard = (address: string, answer: unknown) => carried.heard(address, async () => answer)
  heard('/v1/me', { id: 'li', role })
  return { shelf, carried, heard }
}

test('an officer carries his own surveys and their land, and nothing else', async () => {
  const { shelf, carried, heard } = begin('officer')
  heard('/v1/tasks?county=341599&limit=200', { items: [task(1, 'li'), task(2, 'he'), { ...task(3, 'li'), kind: 'review' }] })
  heard('/v1/parcels?county=341599&grower_id=g1', { items: ['his'] })
  heard('/v1/parcels?county=341599&grower_id=g2', { items: ['another’s'] })
  heard('/v1/decisions?county=341599', { items: ['a decision'] })
  assert.deepEqual(((await carried.find('/v1/tasks?county=341599')) as { items: { id: number }[] }).items.map((k) => k.id), [1])
  assert.deepEqual(await carried.find('/v1/parcels?county=341599&grower_id=g1'), { items: ['his'] })
  for (const other of ['/v1/tasks/2', '/v1/tasks/3', '/v1/parcels?county=341599&grower_id=g2', '/v1/decisions?county=341599']) assert.equal(await carried.find(other), undefined, other)
  assert.ok(![...shelf.things.keys()].some((k) => k.includes('g1')), 'no name on the shelf holds a grower’s ID')
  // Done by now: it goes, and the land with it.
  heard('/v1/tasks?county=341599&mine=true', { items: [] })
  assert.equal(await carried.find('/v1/tasks/1'), undefined)
  assert.equal(await carried.find('/v1/parcels?county=341599&grower_id=g1'), undefined)
})

test('what is older than three days is neither given nor kept', async () => {
  const { shelf, carried, heard } = begin('officer')
  heard('/v1/tasks/1', task(1, 'li'))
  assert.ok(await carried.find('/v1/tasks/1'))
  shelf.now = 3 * day + 1
  assert.equal(await carried.find('/v1/tasks/1'), undefined)
  heard('/v1/me', { id: 'li', role: 'officer' })
  await carried.find('/v1/me')
  assert.equal(shelf.things.size, 1, 'who he is, as told now')
  await carried.drop()
  assert.equal(shelf.things.size, 0)
})

test('others carry nothing', async () => {
  const { shelf, carried, heard } = begin('approver')
  heard('/v1/counties', [])
  heard('/v1/tasks/1', task(1, 'li'))
  assert.equal(await carried.find('/v1/me'), undefined)
  assert.equal(shelf.things.size, 0)
})
