import { describe, expect, it } from 'vitest'
import { param } from './catalogue.fixture'
import { defaultWords, readNumber, resetWords, sliderScale, sliderStep } from './settings'

const share = param('fraction', 'number', { min: 0, max: 1, exclusive_min: true, default: 0.5 })
const count = param('trees', 'integer', { min: 1, nullable: true })

describe('readNumber', () => {
  it('takes a number in range, also with a comma', () => {
    expect(readNumber('0.7', share)).toEqual({ ok: true, value: 0.7 })
    expect(readNumber(' 0,7 ', share)).toEqual({ ok: true, value: 0.7 })
  })

  it.each([['0', 'Must be above 0 and at most 1.'], ['2', 'Must be above 0 and at most 1.'], ['x', 'Enter a number.']])('refuses %s', (text, words) => {
    expect(readNumber(text, share)).toEqual({ ok: false, words })
  })

  it('wants whole numbers where they are asked for', () => {
    expect(readNumber('1.5', count)).toEqual({ ok: false, words: 'Enter a whole number.' })
    expect(readNumber('0', count)).toEqual({ ok: false, words: 'Must be at least 1.' })
  })

  it('takes nothing for none, or for the default', () => {
    expect(readNumber('', count)).toEqual({ ok: true, value: null })
    expect(readNumber('', share)).toEqual({ ok: true, value: undefined })
  })
})

it('sliders step by round numbers', () => {
  expect(sliderStep(0, 1, false)).toBeCloseTo(0.01)
  expect(sliderStep(1, 10, true)).toBe(1)
  expect(sliderStep(0, 1000, true)).toBe(10)
})

it('says the default in words', () => {
  expect(defaultWords(share)).toBe('Default: 0.5')
  expect(defaultWords(param('on', 'switch', { default: true }))).toBe('Default: on')
  expect(defaultWords(param('mode', 'choice', { default: 'a', choices: [{ value: 'a', title: 'First' }] }))).toBe('Default: First')
  expect(defaultWords(param('label', 'column', { required: true }))).toBe('Required.')
})

it('names the default on the button that goes back to it, when it is short', () => {
  expect(resetWords(param('trees', 'integer', { default: 100 }))).toBe('Reset to 100')
  expect(resetWords(param('on', 'switch', { default: false }))).toBe('Reset to off')
  expect(resetWords(param('by', 'column', { nullable: true }))).toBe('Reset')
  expect(resetWords(param('text', 'multiline', { default: 'a,b' }))).toBe('Reset')
})

describe('the scale of a slider', () => {
  it('is the value itself over a short range, and missing without ends', () => {
    expect(sliderScale(share)).toMatchObject({ min: 0, max: 1, step: 0.01 })
    expect(sliderScale(count)).toBeNull()
  })

  it('gives each order of magnitude the same length over a long range', () => {
    const scale = sliderScale({ kind: 'integer', min: 1, max: 10_000 })
    expect([0, 25, 50, 100].map((at) => scale?.value(at))).toEqual([1, 10, 100, 10_000])
    expect([1, 100, 10_000].map((value) => scale?.at(value))).toEqual([0, 50, 100])
  })

  it('comes to round values inside the range', () => {
    const rates = sliderScale({ kind: 'number', min: 0.000123, max: 1 })
    expect([0, 50, 100].map((at) => rates?.value(at))).toEqual([0.000123, 0.011, 1])
    expect(sliderScale({ kind: 'integer', min: 2, max: 131_072 })?.value(77)).toBe(10_000)
  })
})
