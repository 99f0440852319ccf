/**
 * How much of each card and wire is drawn. While the view moves, what comes into view is an outline, and what the zoom changes is
 * redrawn a few a frame; once the view rests, everything is completed. So no frame of a movement waits for hundreds of cards.
 */

/** The zoom in steps: what would be illegible is not drawn. */
export type Distance = 'near' | 'far' | 'farthest'

export interface Detail {
  distance: Distance
  /** With what a movement can do without: ports, marks, what reacts to the pointer. */
  whole: boolean
}

const FAR = 0.5
const FARTHEST = 0.25

export const distanceAt = (zoom: number): Distance => (zoom >= FAR ? 'near' : zoom >= FARTHEST ? 'far' : 'farthest')

const ORDER: readonly Distance[] = ['near', 'far', 'farthest']

const farther = (one: Distance, other: Distance) => (ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other)

/** Milliseconds without a change after which the view rests. */
const REST = 120

/** How many are redrawn a frame. */
const MOVING = 3
const RESTING = 12

type Show = (detail: Detail) => void

export class Details {
  private readonly shown = new Map<Show, Detail>()
  private readonly listeners = new Set<() => void>()
  private wanted: Detail
  private movedAt = -Infinity
  private moving = false
  private frame = 0
  private held: Distance

  constructor(distance: Distance) {
    this.wanted = { distance, whole: true }
    this.held = distance
  }

  /** For what mounts now. */
  readonly first = (): Detail => this.wanted

  /** The view has changed. A first change may be a jump, such as to the place where the pipeline was left; only more make a movement. */
  readonly moved = (distance: Distance) => {
    this.moving = performance.now() - this.movedAt < REST
    this.movedAt = performance.now()
    this.want(distance)
    if (this.moving) this.frame ||= requestAnimationFrame(this.tick)
    else this.redraw(Infinity)
  }

  readonly join = (show: Show, detail: Detail) => {
    this.shown.set(show, detail)
    if (this.isDue(detail)) this.frame ||= requestAnimationFrame(this.tick)
    return () => void this.shown.delete(show)
  }

  /** The distance for the canvas as a whole: of a movement, the farthest so far. */
  readonly distance = () => this.held

  readonly watch = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  private want(distance: Distance) {
    const whole = !this.moving
    if (distance !== this.wanted.distance || whole !== this.wanted.whole) this.wanted = { distance, whole }
    const held = whole ? distance : farther(this.held, distance)
    if (held === this.held) return
    this.held = held
    this.listeners.forEach((listener) => listener())
  }

  private isDue({ distance, whole }: Detail): boolean {
    return distance !== this.wanted.distance || (this.wanted.whole && !whole)
  }

  /** Redraws as many as that of those that are not drawn as they should be; returns whether any are left. */
  private redraw(most: number): boolean {
    let left = most
    for (const [show, detail] of this.shown) {
      if (!this.isDue(detail)) continue
      if (left === 0) return true
      left -= 1
      this.shown.set(show, this.wanted)
      show(this.wanted)
    }
    return false
  }

  private readonly tick = () => {
    if (this.moving && performance.now() - this.movedAt >= REST) {
      this.moving = false
      this.want(this.wanted.distance)
    }
    const left = this.redraw(this.moving ? MOVING : RESTING)
    this.frame = this.moving || left ? requestAnimationFrame(this.tick) : 0
  }
}
