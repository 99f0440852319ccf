/** The curve of a wire: it leaves and arrives straight down, with handles as long as half the height between, but never shorter than 28. */
import type { Point } from './graph'

const SHORTEST = 28

export interface WirePath {
  path: string
  middle: Point
}

const handle = (y1: number, y2: number) => Math.max(SHORTEST, Math.abs(y2 - y1) / 2)

export function wirePath([x1, y1]: Point, [x2, y2]: Point): WirePath {
  const reach = handle(y1, y2)
  return { path: `M${x1} ${y1}C${x1} ${y1 + reach} ${x2} ${y2 - reach} ${x2} ${y2}`, middle: [(x1 + x2) / 2, (y1 + y2) / 2] }
}

/** Points along the curve, without its ends. */
export function alongWire([x1, y1]: Point, [x2, y2]: Point, count: number): Point[] {
  const reach = handle(y1, y2)
  return Array.from({ length: count }, (_, at): Point => {
    const t = (at + 1) / (count + 1)
    const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3]
    return [a * x1 + b * x1 + c * x2 + d * x2, a * y1 + b * (y1 + reach) + c * (y2 - reach) + d * y2]
  })
}
