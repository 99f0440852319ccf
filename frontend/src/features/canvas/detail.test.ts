import { beforeEach, expect, it, vi } from 'vitest'
import { Details, distanceAt, type Detail } from './detail'

let now = 0
let frames: (() => void)[] = []

beforeEach(() => {
  now = 1000
  frames = []
  vi.stubGlobal('performance', { now: () => now })
  vi.stubGlobal('requestAnimationFrame', (tick: () => void) => frames.push(tick))
})

function frame(after = 16) {
  now += after
  for (const tick of frames.splice(0)) tick()
}

/** That many cards on the canvas. */
function joined(details: Details, count: number): Detail[] {
  const shown: Detail[] = []
  for (let at = 0; at < count; at += 1) {
    shown[at] = details.first()
    details.join((detail) => { shown[at] = detail }, details.first())
  }
  return shown
}

const isWhole = ({ whole }: Detail) => whole

it('steps with the zoom', () => {
  expect([1, 0.5, 0.4, 0.25, 0.2].map(distanceAt)).toEqual(['near', 'near', 'far', 'far', 'farthest'])
})

it('follows a jump at once, with all that there is', () => {
  const details = new Details('near')
  const shown = joined(details, 50)
  details.moved('far')
  expect(shown.every(({ distance, whole }) => distance === 'far' && whole)).toBe(true)
  expect(details.distance()).toBe('far')
})

it('draws what comes into view while it moves in outline, and completes it once the view rests', () => {
  const details = new Details('near')
  details.moved('near')
  now += 16
  details.moved('near')
  const shown = joined(details, 30)
  expect(shown.some(isWhole)).toBe(false)
  frame()
  expect(shown.some(isWhole)).toBe(false)
  frame(200)
  expect(shown.filter(isWhole)).toHaveLength(12)
  frame()
  frame()
  expect(shown.every(isWhole)).toBe(true)
  frame()
  expect(frames).toHaveLength(0)
})

it('changes a few a frame while the zoom passes a step, and leaves what is whole as it is', () => {
  const details = new Details('far')
  const shown = joined(details, 30)
  details.moved('far')
  now += 16
  details.moved('near')
  expect(shown.every(({ distance, whole }) => distance === 'far' && whole)).toBe(true)
  frame()
  expect(shown.filter(({ distance }) => distance === 'near')).toEqual(Array(3).fill({ distance: 'near', whole: false }))
})

it('holds the canvas at the farthest distance of a movement until it rests', () => {
  const details = new Details('near')
  const heard = vi.fn()
  details.watch(heard)
  details.moved('near')
  for (const distance of ['far', 'farthest', 'far', 'near'] as const) {
    now += 16
    details.moved(distance)
  }
  expect(details.distance()).toBe('farthest')
  frame(200)
  expect(details.distance()).toBe('near')
  expect(heard).toHaveBeenCalledTimes(3)
})

it('forgets what has left', () => {
  const details = new Details('near')
  const show = vi.fn()
  details.join(show, details.first())()
  details.moved('far')
  expect(show).not.toHaveBeenCalled()
})
