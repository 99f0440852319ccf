/** Which cards hide wires that are not their own: the measure by which layouts are compared. */
import { CARD_WIDTH, type Point } from './graph'
import { alongWire } from './wirePath'

export interface Box {
  x: number
  y: number
  height: number
}

/** A wire with the centres of its ports, and the cards it belongs to. */
export interface Line {
  from: Point
  to: Point
  cards: readonly [string, string]
}

const SAMPLES = 24
/** A wire this close to a card seems to touch it. */
const NEAR = 4
const BAND = 100

/** The cards by the bands that they reach into, so that each point meets few of them. */
function bands(boxes: ReadonlyMap<string, Box>): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const [id, { y, height }] of boxes) {
    for (let band = Math.floor((y - NEAR) / BAND); band <= Math.floor((y + height + NEAR) / BAND); band += 1) found.set(band, [...(found.get(band) ?? []), id])
  }
  return found
}

const covers = ({ x, y, height }: Box, [px, py]: Point) => px > x - NEAR && px < x + CARD_WIDTH + NEAR && py > y - NEAR && py < y + height + NEAR

/** The cards that hide wires, once for each wire. */
export function hiding(boxes: ReadonlyMap<string, Box>, lines: readonly Line[]): string[] {
  const near = bands(boxes)
  const all: string[] = []
  for (const { from, to, cards } of lines) {
    const hidden = new Set<string>()
    for (const point of alongWire(from, to, SAMPLES)) {
      for (const id of near.get(Math.floor(point[1] / BAND)) ?? []) {
        const box = boxes.get(id)
        if (box && !cards.includes(id) && covers(box, point)) hidden.add(id)
      }
    }
    all.push(...hidden)
  }
  return all
}
