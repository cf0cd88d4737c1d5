// Which imagery lies under the land: the address, the panel and the map say the same.

import type { Client, Schemas } from './client.ts'
import { daysOf, ImageryPanel, nearest, under, type Looking } from './imagery.ts'
import type { CountyMap } from './map.ts'
import type { Picture } from './pictures.ts'
import { sightTexts } from './sight.texts.ts'
import type { State } from './state.ts'

const around = 0.05 // degrees beyond the land in which pictures are asked for

/** Looker keeps the days of the run that is drawn. */
export class Looker {
  imagery: Schemas['Imagery'] | null = null
  readonly panel: ImageryPanel

  constructor(private readonly client: Client, changed: (to: Partial<Looking>) => void) {
    this.panel = new ImageryPanel(changed)
  }

  /** ask gives the days of a run. */
  ask(run: Schemas['Run']): Promise<Schemas['Imagery']> {
    return this.client.get('/v1/imagery', { query: { county: run.county, run: run.id } })
  }

  /** after is the state after a choice: a layer comes with its clearest day, and no second day stands without a first. */
  after(state: State, to: Partial<Looking>): State {
    const next = { ...state, ...to } as State
    const day = this.imagery && next.layer && !next.date ? nearest(daysOf(this.imagery, next.layer), undefined) : undefined
    if (day) next.date = day.date
    if (!next.layer) delete next.swipe
    return next
  }

  /** show draws what a state says. */
  show(map: CountyMap | null | undefined, run: Schemas['Run'] | null, state: State): void {
    const { imagery } = this
    const layer = imagery?.layers.find((l) => l.name === state.layer)
    const days = imagery && layer ? daysOf(imagery, layer.name) : []
    const box = run?.bbox?.length === 4 ? run.bbox : null
    const picture = (date: string | undefined): Picture | null => {
      const day = nearest(days, date)
      return day && run ? { run: run.id, date: day.date, layer: layer!.name, bounds: box ? [box[0]! - around, box[1]! - around, box[2]! + around, box[3]! + around] : undefined } : null
    }
    const first = picture(state.date)
    void map?.picture(first, state.swipe === undefined ? null : picture(state.swipe), first ? (state.fill ?? under) / 100 : 1, sightTexts(state.language).divider)
    this.panel.show(imagery, state)
  }
}
