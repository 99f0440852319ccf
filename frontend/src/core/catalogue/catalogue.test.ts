import { describe, expect, it } from 'vitest'
import { fixtureCatalogue as catalogue, param } from './catalogue.fixture'
import { findModules, isShown, optionValue, paramValue, shownFields } from './catalogue'

const titles = (query: string) => findModules(catalogue.modules, query).map((module) => module.title)

describe('findModules', () => {
  it('puts a title before a description', () => expect(titles('split')[0]).toBe('Split Data'))
  it('puts a shorter title before a longer one that matches as well', () => {
    const train = catalogue.module('training.train_model')!
    const other = { ...train, id: 'training.train_clustering', title: 'Train Clustering Model' }
    expect(findModules([other, train], 'train').map(({ title }) => title)).toEqual(['Train Model', 'Train Clustering Model'])
  })
  it('finds by alias', () => expect(titles('csv')).toEqual(['Dataset']))
  it('finds by description', () => expect(titles('share rows')).toEqual(['Split Data']))
  it('wants every word', () => expect(titles('split model')).toEqual([]))
  it('gives all for nothing', () => expect(titles(' ')).toHaveLength(catalogue.modules.length))
})

describe('kinds of ports', () => {
  it('are those of the palette', () => expect(catalogue.kind('untrained_model').words).toBe('an untrained model'))
  it('can be drawn and named when the palette does not list them', () => {
    expect(catalogue.kind('audio_clip')).toMatchObject({ id: 'audio_clip', words: 'audio clip', downloads: [] })
    expect(catalogue.kind('audio_clip').icon).toMatch(/^M.*Z$/)
  })
})

describe('settings', () => {
  const split = catalogue.module('transform.split_data')!
  const fraction = split.params[1]!

  it('hides a setting that does not matter', () => {
    expect(isShown(fraction, split, {})).toBe(true)
    expect(isShown(fraction, split, { mode: 'filter' })).toBe(false)
  })

  it('falls back to the default', () => {
    expect(paramValue(fraction, {})).toBe(0.5)
    expect(paramValue(fraction, { fraction: 0.7 })).toBe(0.7)
  })
})

describe('options', () => {
  const fields = [param('gamma', 'choice', { default: 'scale', nullable: true }), param('gamma_number', 'number', { default: 1, shown_when: { param: 'gamma', is: ['number'] } })]
  const names = (values = {}) => shownFields(fields, values).map(({ name }) => name)

  it('shows a field that matters only where another has its value', () => {
    expect(names()).toEqual(['gamma'])
    expect(names({ gamma: 'number' })).toEqual(['gamma', 'gamma_number'])
  })

  it('takes null for a value, and the default for what is not given', () => {
    expect(optionValue(fields[0]!, { gamma: null })).toBeNull()
    expect(optionValue(fields[0]!, {})).toBe('scale')
  })
})
