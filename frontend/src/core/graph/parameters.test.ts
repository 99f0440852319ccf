import { describe, expect, it } from 'vitest'
import { drivenBy, givenTo, nameTrouble, otherValues, parameterField, parameterName, parameterOf, readDriven, readParameters, referred, writtenParams, writtenValue, withGiven, type Parameter } from './parameters'
import type { Param } from '../catalogue/catalogue'

const share: Parameter = { type: 'number', default: 0.5, min: 0, max: 1, label: 'Share' }
const held = { fraction: { $parameter: 'share' }, seed: 3, options: { alpha: { $parameter: 'share' }, fit: true } }
const param = (more: Partial<Param>): Param => ({ name: 'x', title: 'X', kind: 'number', default: 1, required: false, nullable: false, help: '', ...more })

describe('settings that are driven', () => {
  it('have the values of their parameters, and are written as they were read', () => {
    const { params, driven } = readDriven(held, { share })
    expect(params).toEqual({ fraction: 0.5, seed: 3, options: { alpha: 0.5, fit: true } })
    expect(driven).toEqual({ fraction: 'share', 'options.alpha': 'share' })
    expect(writtenParams(params, driven)).toEqual(held)
  })

  it('have their defaults where the parameter is gone, and stay references', () => {
    const { params, driven } = readDriven({ fraction: { $parameter: 'gone' } }, {})
    expect([params, writtenParams(params, driven)]).toEqual([{}, { fraction: { $parameter: 'gone' } }])
  })

  it('take names of columns as a rule', () => {
    expect(readDriven({ columns: { $parameter: 'c' } }, { c: { type: 'columns', default: ['a'] } }).params).toEqual({ columns: [{ include: { names: ['a'] } }] })
  })

  it('stay driven when another option changes, and not when they do', () => {
    const { params, driven } = readDriven(held, { share })
    expect(writtenValue('options', { alpha: 0.5, fit: false }, params, driven)).toEqual({ alpha: { $parameter: 'share' }, fit: false })
    expect(writtenValue('options', { alpha: 0.7, fit: true }, params, driven)).toEqual({ alpha: 0.7, fit: true })
    expect(writtenValue('seed', 4, params, driven)).toBe(4)
  })

  it('are listed by their parameter', () => {
    expect(drivenBy({ split: { driven: { fraction: 'share', seed: 'other' } }, plain: {} }, 'share')).toEqual([{ node: 'split', path: 'fraction' }])
  })
})

it.each([[{ $parameter: 3 }], [{ $parameter: 'a', more: 1 }], ['$parameter'], [null], [[]]])('%j is no reference', (value) => {
  expect(referred(value)).toBeNull()
})

it('reads parameters leniently', () => {
  expect(readParameters({ share, bad: 3, worse: { type: 'secret' } })).toEqual({ share })
  expect(readParameters([])).toEqual({})
})

describe('a parameter that a setting is promoted to', () => {
  it('has its value, bounds and choices', () => {
    expect(parameterOf(param({ title: 'Fraction', min: 0, max: 1 }), 0.7)).toEqual({ type: 'number', default: 0.7, label: 'Fraction', min: 0, max: 1 })
    expect(parameterOf(param({ min: 0, exclusive_min: true }), 0.7)).toEqual({ type: 'number', default: 0.7, label: 'X' })
    expect(parameterOf(param({ kind: 'choice', choices: [{ value: 'a', title: 'A' }] }), 'a')).toMatchObject({ type: 'choice', choices: ['a'] })
    expect(parameterOf(param({ kind: 'seed' }), null)).toMatchObject({ type: 'integer', default: 0 })
  })

  it('is not there for code', () => {
    expect(parameterOf(param({ kind: 'code' }), 'x')).toBeNull()
  })

  it('has a free name, and a field of its own', () => {
    expect(parameterName('share', { share })).toBe('share_2')
    expect(parameterField('share', share)).toMatchObject({ title: 'Share', kind: 'number', min: 0, max: 1, default: 0.5 })
  })
})

it('refuses names that programs cannot use, or that are taken', () => {
  expect(nameTrouble('a b', 'a', {})).toMatch('letters')
  expect(nameTrouble('share', 'a', { share })).toMatch('already')
  expect(nameTrouble('share', 'share', { share })).toBeNull()
})

it('puts the values of a run in place of defaults, and names those that differ', () => {
  const parameters = { share: { type: 'number', default: 0.7, label: 'Share' }, depth: { type: 'integer', default: 3 } } as const
  const nodes = { split: { module: 'm', params: { fraction: 0.7, seed: 1, parameters: { depth: 3, width: 2 } }, driven: { fraction: 'share', 'parameters.depth': 'depth' }, position: [0, 0] as [number, number] } }
  const given = { share: 0.6 }
  expect(withGiven(nodes, given, parameters).split?.params).toEqual({ fraction: 0.6, seed: 1, parameters: { depth: 3, width: 2 } })
  expect(withGiven(nodes, { depth: 5 }, parameters).split?.params).toEqual({ fraction: 0.7, seed: 1, parameters: { depth: 5, width: 2 } })
  expect(otherValues(nodes.split, given, parameters)).toEqual(['Share 0.6'])
  expect(otherValues(nodes.split, { share: 0.7 }, parameters)).toEqual([])
  expect(givenTo({ parameters: { share: { value: 0.6, source: 'run' }, depth: { value: 3, source: 'run' }, old: { value: 1, source: 'default' } }, graph: { parameters } })).toEqual(given)
})
