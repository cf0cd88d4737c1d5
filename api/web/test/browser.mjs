// People at the map, in a real Chromium each: node test/browser.mjs ADDRESS of `parus demo` [STEP …]; without steps all of them.
// Environment: CHROMIUM, its program; NAMES, people of its roster, by comma, and PARCEL, a parcel of the run;
// SHOTS, a folder for screenshots, if wanted. Each step leaves nobody signed in, or who it says; it begins with an address of its own.
import assert from 'node:assert/strict'
import { Person } from './person.mjs'

// Two people work side by side, each in the order of the steps. What one changes the other does not rest on: credit is the first one's alone.
const lanes = [['offline', 'factory', 'office', 'claim'], ['map', 'sight', 'sheets', 'search', 'phone', 'imports', 'roles']]

const [address, ...only] = process.argv.slice(2)
const { CHROMIUM, NAMES, PARCEL, SHOTS } = process.env
for (const name of only) assert.ok(lanes.flat().includes(name), `there is no step ${name}: ${lanes.flat().join(' ')}`)

async function walk(steps) {
  if (steps.length === 0) return
  const person = await Person.open({ address, chromium: CHROMIUM, names: NAMES.split(','), parcel: PARCEL, shots: SHOTS })
  try {
    for (const name of steps) {
      const { default: step } = await import(`./steps/${name}.mjs`)
      const began = Date.now()
      person.step = name
      await step(person).catch(async (e) => {
        await person.shot('failed').catch(() => {})
        throw new Error(`step ${name}: ${e.message}`, { cause: e })
      })
      assert.deepEqual(person.wrong, [], `step ${name}`)
      console.log(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`)
    }
  } finally {
    await person.close()
  }
}

const ended = await Promise.allSettled(lanes.map((steps) => walk(only.length > 0 ? steps.filter((s) => only.includes(s)) : steps)))
const failed = ended.filter((e) => e.status === 'rejected').map((e) => e.reason)
for (const e of failed) console.error(e)
if (failed.length > 0) process.exitCode = 1
