import { expect, it } from 'vitest'
import { fixtureCatalogue as catalogue, param } from './catalogue.fixture'
import { differences } from './describe'

const words = (module: string, params = {}) => differences(catalogue.module(module)!, params)

const withParam = (one: ReturnType<typeof param>, value: number | string) =>
  differences({ ...catalogue.module('training.train_model')!, params: [one] }, { [one.name]: value })

it('says nothing of settings at their default', () => {
  expect(words('transform.split_data')).toEqual([])
  expect(words('transform.split_data', { fraction: 0.5, seed: 0 })).toEqual([])
  expect(words('training.train_model')).toEqual([])
})

it('says shares in percent, in the order of the settings', () => {
  expect(words('transform.split_data', { seed: 3, fraction: 0.7 })).toEqual(['fraction 70\u00a0%', 'seed 3'])
})

it('leaves out what does not matter', () => {
  expect(words('transform.split_data', { mode: 'filter', fraction: 0.7 })).toEqual(['filter'])
})

it('names a dataset without underscores', () => {
  expect(words('data.dataset', { dataset: 'automobile_price' })).toEqual(['automobile price'])
})

it('puts a number before what it counts', () => {
  expect(withParam(param('trees', 'integer', { title: 'Trees', default: 100 }), 400)).toEqual(['400\u00a0trees'])
  expect(withParam(param('trees', 'integer', { title: 'Number of trees', default: 100 }), 1)).toEqual(['number of trees 1'])
  expect(withParam(param('depth', 'integer', { title: 'Maximum depth', default: 5 }), 6)).toEqual(['maximum depth 6'])
})

it('says which columns are left out', () => {
  expect(withParam(param('columns', 'columns'), [{ include: 'all' }, { exclude: { names: ['make'] } }] as unknown as string)).toEqual(['without make'])
})

it('does not call a rate a share', () => {
  expect(withParam(param('rate', 'number', { title: 'Learning rate', default: 0.1, min: 0, max: 1 }), 0.2)).toEqual(['learning rate 0.2'])
})

it('names the setting of a column where its title reads on', () => {
  expect(withParam(param('by', 'column', { title: 'Stratify by' }), 'make')).toEqual(['stratify by make'])
  expect(withParam(param('label', 'column', { title: 'Label' }), 'price')).toEqual(['price'])
})

it('says that a switch which is on by default is off, and the sign of a number', () => {
  expect(withParam(param('shuffle', 'switch', { title: 'Shuffle', default: true }), false as unknown as string)).toEqual(['shuffle off'])
  expect(withParam(param('shift', 'number', { title: 'Shift', default: 1 }), -3)).toEqual(['shift −3'])
})

it('names the options that are given', () => {
  expect(words('regression.any', { estimator: 'Ridge', parameters: { alpha: 2, fit_intercept: false, solver: 'svd' } })).toEqual(['ridge', 'alpha 2, fit_intercept false, solve…'])
})
