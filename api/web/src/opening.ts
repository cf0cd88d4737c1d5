// What is asked first, while the code of the map still comes.

import type { Client, Schemas } from './client.ts'
import type { State } from './state.ts'

type County = Schemas['County']
type Run = Schemas['Run']

/** Opening are the first questions to the service. */
export interface Opening {
  me: Promise<Schemas['Me']>
  counties: Promise<County[]>
  runs: Promise<{ county: string; runs: Run[] } | null> // of the county that is shown first
}

/** countyOf is the county that an address means, else the first. */
export const countyOf = (counties: County[], code: string | undefined): County | undefined => counties.find((c) => c.code === code) ?? counties[0]

/** askFirst asks them all. */
export function askFirst(client: Client, state: State): Opening {
  const me = client.get('/v1/me')
  const counties = client.get('/v1/counties')
  const runs = counties.then(async (all) => {
    const county = countyOf(all, state.county)?.code
    return county === undefined ? null : { county, runs: await client.get('/v1/runs', { query: { county } }) }
  })
  for (const asked of [me, counties, runs]) asked.catch(() => undefined) // whoever waits for the answer is told
  return { me, counties, runs }
}
