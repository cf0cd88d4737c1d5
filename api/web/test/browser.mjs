// A person at the map, in a real Chromium: node test/browser.mjs ADDRESS of `parus demo` [STEP …]; without steps all of them.
// Environment: CHROMIUM, its program; NAMES, people of its roster, by comma, and PARCEL, a parcel of the run;
// SHOTS, a folder for screenshots, if wanted. Each step leaves nobody signed in, or who it says; it begins with an address of its own.
import assert from 'node:assert/strict'
import { Person } from './person.mjs'

const steps = ['map', 'sight', 'sheets', 'search', 'phone', 'claim', 'imports', 'offline', 'factory', 'office', 'roles']

const [address, ...only] = process.argv.slice(2)
const { CHROMIUM, NAMES, PARCEL, SHOTS } = process.env
const person = await Person.open({ address, chromium: CHROMIUM, names: NAMES.split(','), parcel: PARCEL, shots: SHOTS })
try {
  for (const name of only.length > 0 ? only : steps) {
    const { default: step } = await import(`./steps/${name}.mjs`)
    const began = Date.now()
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
