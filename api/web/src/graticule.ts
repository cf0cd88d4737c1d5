// Lines of equal longitude and latitude, which stand in for a base map.

export interface Box {
  west: number
  south: number
  east: number
  north: number
}

const steps = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]

/** stepFor is the largest round step that cuts a width in degrees into at least three. */
export function stepFor(degrees: number): number {
  return steps.find((s) => degrees / s >= 3) ?? steps[steps.length - 1]!
}

const label = (v: number, step: number, positive: string, negative: string) =>
  Math.abs(v).toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))) + '°' + (v < 0 ? negative : positive)

export interface Line {
  text: string
  vertical: boolean
  at: number
  points: [number, number][]
}

/** graticule draws the lines that cross a box. */
export function graticule(box: Box): Line[] {
  const step = stepFor(box.east - box.west)
  const out: Line[] = []
  const from = (v: number) => Math.ceil(v / step - 1e-9)
  for (let i = from(box.west); i * step <= box.east; i++) {
    const at = i * step
    out.push({ text: label(at, step, 'E', 'W'), vertical: true, at, points: [[at, Math.max(box.south, -85)], [at, Math.min(box.north, 85)]] })
  }
  for (let i = from(box.south); i * step <= box.north; i++) {
    const at = i * step
    out.push({ text: label(at, step, 'N', 'S'), vertical: false, at, points: [[box.west, at], [box.east, at]] })
  }
  return out
}
