import { describe, expect, it } from 'vitest'
import { fitting, linesOf, widthOf } from './textWidth'

const WIDTH = 160

describe('lines', () => {
  it('wrap between words', () => {
    expect(linesOf('Split 70 / 30', WIDTH, 13)).toBe(1)
    expect(linesOf('Boosted Decision Tree Regression', WIDTH, 13)).toBe(2)
    expect(linesOf('Convert to Indicator Values', WIDTH, 13)).toBe(2)
    expect(linesOf('one two three '.repeat(5), WIDTH, 13)).toBeGreaterThan(2)
  })

  it('wrap within a word that is wider than a line', () => {
    expect(linesOf('customers_of_the_last_four_quarters', WIDTH, 13)).toBe(2)
    expect(linesOf('a customers_of_the_last_four_quarters', WIDTH, 13)).toBe(3)
    expect(linesOf('', WIDTH, 13)).toBe(1)
  })

  it('take unknown letters as wide ones', () => {
    expect(widthOf('車', 13)).toBe(13)
    expect(linesOf('自動車の価格を予測する線形モデル', WIDTH, 13)).toBe(2)
  })
})

describe('a line of pieces', () => {
  it('has what fits, and counts the rest', () => {
    expect(fitting([], WIDTH)).toBe('')
    expect(fitting(['400 trees', '20 leaves'], WIDTH)).toBe('400 trees, 20 leaves')
    expect(fitting(['400 trees', '20 leaves', 'learning rate 0.2', 'seed 7'], WIDTH)).toBe('400 trees, 20 leaves, +2')
  })

  it('has the first, however wide it is', () => {
    expect(fitting(['select make, body_style from t1 limit 5', 'seed 3'], WIDTH)).toBe('select make, body_style from t1 limit 5')
  })
})
