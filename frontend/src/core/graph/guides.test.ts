import { expect, it } from 'vitest'
import { guidesFor } from './guides'

const at = (x: number, y: number, height = 44) => ({ x, y, height })

it('says with which card it is in line, and how far it is from the one above', () => {
  expect(guidesFor(at(0, 130), [at(0, 0), at(700, 20)])).toEqual({ aligned: [{ x1: 0, x2: 0, y1: -16, y2: 190 }], gap: { x1: 232, x2: 232, y1: 44, y2: 130 } })
})

it('prefers the nearest in its column and in its row', () => {
  const { aligned } = guidesFor(at(0, 200), [at(0, 0), at(0, 100), at(300, 200), at(600, 200)])
  expect(aligned).toEqual([{ x1: 0, x2: 0, y1: 84, y2: 260 }, { y1: 200, y2: 200, x1: -16, x2: 556 }])
})

it('says nothing of cards far away or aside', () => {
  expect(guidesFor(at(0, 1000), [at(0, 0), at(300, 900)])).toEqual({ aligned: [], gap: null })
})
