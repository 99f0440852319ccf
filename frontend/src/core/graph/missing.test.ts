import { expect, it } from 'vitest'
import type { Problem } from '../base/problems'
import { fixtureCatalogue as catalogue } from '../catalogue/catalogue.fixture'
import { missingWords } from './missing'

const problem = (rest: Partial<Problem>): Problem =>
  ({ code: '', words: 'Train Model needs something.', node: 'train', port: null, param: null, column: null, edge: null, remedy: null, severity: 'unfinished', key: null, subject: [], ...rest })

const words = (...problems: Partial<Problem>[]) => missingWords(problems.map(problem), catalogue.module('training.train_model'), catalogue)

it('says what to connect and what to choose', () => {
  expect(words({ port: 'untrained' }, { param: 'label' })).toEqual(['Connect an untrained model', 'Select “label”'])
})

it('says each thing once, and leaves out what is not missing', () => {
  expect(words({ port: 'table' }, { port: 'table' }, { param: 'label', severity: 'error' })).toEqual(['Connect a table'])
})

it('falls back to the remedy', () => {
  expect(words({ remedy: 'Finish Join Data.' })).toEqual(['Finish Join Data'])
})

it('names the extra, since the command that installs it is too long for a card', () => {
  const needed = { ...catalogue.module('training.train_model')!, extra: { name: 'vw', installed: false, command: 'make run EXTRAS=vw' } }
  expect(missingWords([problem({ code: 'extra_missing', remedy: 'Install it with make run EXTRAS=vw.' })], needed, catalogue)).toEqual(['Needs the extra “vw”'])
})
