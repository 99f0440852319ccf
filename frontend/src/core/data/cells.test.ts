import { describe, expect, it } from 'vitest'
import { cellText, copiedText } from './cells'

describe('cellText', () => {
  it('writes each kind of value', () => {
    expect([cellText(1.5, 'number', 2), cellText(true, 'boolean'), cellText('a', 'text'), cellText([1, 2], 'other')]).toEqual(['1.50', 'true', 'a', '[1,2]'])
  })

  it('says no more of a moment than is known', () => {
    expect(['2024-01-31T00:00:00', '2024-01-31T12:30:00.000000', '2024-01-31T12:30:00.250', '2024-01-31'].map((at) => cellText(at, 'datetime')))
      .toEqual(['2024-01-31', '2024-01-31 12:30:00', '2024-01-31 12:30:00.250', '2024-01-31'])
  })
})

describe('copiedText', () => {
  it('copies nothing for what is missing', () => {
    expect([copiedText(null), copiedText(undefined), copiedText(0.123456789), copiedText({ a: 1 })]).toEqual(['', '', '0.123456789', '{"a":1}'])
  })
})
