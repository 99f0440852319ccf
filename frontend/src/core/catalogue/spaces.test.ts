import { describe, expect, it } from 'vitest'
import type { Param } from './catalogue'
import { offeredFor, readTried, reshaped, searchable, triedOf, withParts, withTried, writeTried } from './spaces'

const param = (kind: Param['kind'], more: Partial<Param> = {}): Param => ({ name: 'rate', title: 'Rate', kind, default: 0.1, required: false, nullable: false, help: '', ...more })

describe('short forms', () => {
  it.each(['uniform(0.5, 1)', 'loguniform(0.01, 100)', 'qnormal(5, 1, 0.5)', 'lognormal(0, 1)', '1; 2; 4'])('%s is written as it is read', (text) => {
    expect(writeTried(readTried(text))).toBe(text)
  })

  it('reads a choice of HyperDrive as values', () => {
    expect(readTried('choice(1, 2)')).toMatchObject({ shape: 'values', values: '1; 2' })
  })

  it('keeps what is half typed', () => {
    expect(writeTried({ ...readTried('uniform(0.5, 1)'), ends: ['0.', ''] })).toBe('uniform(0., )')
    expect(readTried('uniform(0., )').ends).toEqual(['0.', ''])
  })

  it('keeps the numbers when the shape changes', () => {
    expect(writeTried(reshaped(readTried('uniform(1, 8)'), 'loguniform'))).toBe('loguniform(1, 8)')
    expect(writeTried(reshaped(readTried('uniform(1, 8)'), 'values'))).toBe('1; 8')
    expect(writeTried(reshaped(readTried('4; 1; 2'), 'uniform'))).toBe('uniform(1, 4)')
  })
})

describe('a space', () => {
  const rate = param('number', { search: 'uniform(0, 1)' })

  it('has what the learner declares, until it is changed or left out', () => {
    expect(triedOf(rate, {})).toBe('uniform(0, 1)')
    expect(triedOf(rate, { rate: '1; 2' })).toBe('1; 2')
    expect(triedOf(rate, { rate: null })).toBeNull()
    expect(triedOf(param('number'), {})).toBeNull()
  })

  it('holds only what differs', () => {
    expect(withTried({}, rate, '1; 2')).toEqual({ rate: '1; 2' })
    expect(withTried({ rate: '1; 2' }, rate, 'uniform(0, 1)')).toBeUndefined()
    expect(withTried({ rate: '1; 2', leaves: null }, rate, null)).toEqual({ leaves: null, rate: null })
    expect(withTried({ rate: '1' }, param('number'), null)).toBeUndefined()
  })

  it('offers values for a setting that is not searched', () => {
    expect(offeredFor(param('switch'))).toBe('true; false')
    expect(offeredFor(param('choice', { choices: [{ value: 'a', title: 'A' }, { value: 'b', title: 'B' }] }))).toBe('a; b')
    expect(offeredFor(param('number', { min: 0, max: 1 }))).toBe('uniform(0, 1)')
    expect(offeredFor(param('number'))).toBe('0.1')
  })

  it('is of settings with values to try, and of those of an estimator', () => {
    const own = [param('choice', { name: 'estimator' }), param('options', { name: 'parameters', form_of: 'estimator' }), param('seed', { name: 'seed' }), rate]
    expect(searchable(own, [param('number', { name: 'C' })]).map(({ name }) => name)).toEqual(['rate', 'C'])
  })

  it('has the settings of the one learner that a learner is made of, and tells those of several apart', () => {
    const folds = param('integer', { name: 'folds', title: 'Folds' })
    expect(withParts([folds], [[rate]])).toEqual([folds, rate])
    expect(withParts([folds], [[folds]]).map(({ name, title }) => `${name}: ${title}`)).toEqual(['folds: Folds', '1.folds: 1. Folds'])
    expect(withParts([], [[rate], withParts([], [[rate], [folds]])]).map(({ name, title }) => `${name}: ${title}`)).toEqual(['1.rate: 1. Rate', '2.1.rate: 2. 1. Rate', '2.2.folds: 2. 2. Folds'])
  })
})
