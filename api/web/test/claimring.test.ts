import assert from 'node:assert/strict'
import test from 'node:test'
import { areaM2, cornerOf, geometryOf, metresBetween, muOf, take, type Corner, type Walk } from '../src/claimring.ts'

const box: Corner[] = [[115.5, 31], [115.501, 31], [115.501, 31.001], [115.5, 31.001]]

// 0.001° by 0.001° at 31° N are 95.504 m by 110.874 m by the series of the ellipsoid: 10,589 m², 15.88 mu.
test('the area is that of the ellipsoid, whichever way round', () => {
  assert.ok(Math.abs(areaM2(box) - 10_589) < 1, String(areaM2(box)))
  assert.equal(areaM2([...box].reverse()), areaM2(box))
  assert.ok(Math.abs(muOf(areaM2(box)) - 15.88) < 0.01)
  assert.equal(areaM2(box.slice(0, 2)), 0)
})

test('a walk leaves out bad positions and steps on the spot', () => {
  let w: Walk = { corners: [], worst: 0, left: 0 }
  w = take(w, { lon: 115.5, lat: 31, accuracy: 4 }, 10)
  w = take(w, { lon: 115.5, lat: 31.00001, accuracy: 4 }, 10) // 1.1 m on
  w = take(w, { lon: 115.5, lat: 31.0005, accuracy: 30 }, 10)
  w = take(w, { lon: 115.5, lat: 31.0005, accuracy: NaN }, 10)
  w = take(w, { lon: 115.501, lat: 31, accuracy: 9.5 }, 10)
  assert.deepEqual(w, { corners: [[115.5, 31], [115.501, 31]], worst: 9.5, left: 2 })
  assert.ok(Math.abs(metresBetween([115.5, 31], [115.501, 31]) - 95.3) < 0.5) // on the sphere
})

test('corners that are typed', () => {
  assert.deepEqual(cornerOf(' 115.5 ', '31'), [115.5, 31])
  for (const [lon, lat] of [['', '31'], ['115', ''], ['181', '31'], ['115', '-91'], ['x', '31'], ['115,5', '31']] as const) assert.equal(cornerOf(lon, lat), null, `${lon} ${lat}`)
  assert.deepEqual(geometryOf([[1.123456789, 2], [3, 4], [5, 6]]), { type: 'Polygon', coordinates: [[[1.12345679, 2], [3, 4], [5, 6], [1.12345679, 2]]] })
})
