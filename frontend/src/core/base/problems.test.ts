import { expect, it } from 'vitest'
import { mergeProblems, wordsWithoutSubject, mostSevere, warned, type Problem } from './problems'

const says = (words: string): Problem => ({ code: 'x', words, remedy: null, severity: 'error', node: 'n', port: null, param: null, column: null, edge: null, key: null, subject: [] })

it.each([
  [['Select Columns: ', 'Columns: '], "The table has no column “nope”.", "The table has no column “nope”."],
  [['Select Columns: ', 'Columns '], 'needs a value.', 'Needs a value.'],
  [[], 'Select Columns needs a table at Table.', 'Select Columns needs a table at Table.'],
])('beside its setting, the names %j are left out', (subject, words, rest) => {
  expect(wordsWithoutSubject({ ...says(subject.join('') + words), subject }, 2)).toBe(rest)
})

it('keeps the name of a setting that is not shown beside it', () => {
  expect(wordsWithoutSubject({ ...says('Mine: Columns needs a value.'), subject: ['Mine: ', 'Columns '] }, 1)).toBe('Columns needs a value.')
})

it('tells the same problem once, and errors first', () => {
  const warning: Problem = { ...says('Late.'), code: 'late', severity: 'warning' }
  expect(mergeProblems([warning, says('Checked.')], [says('Refused.')], [{ ...says('Failed.'), node: 'm' }]).map((problem) => problem.words)).toEqual(['Checked.', 'Failed.', 'Late.'])
})

it('puts what is unfinished last, and calls it by the gravest', () => {
  const unfinished: Problem = { ...says('Needs a table.'), code: 'unwired_input', severity: 'unfinished' }
  const warning: Problem = { ...says('Late.'), code: 'late', severity: 'warning' }
  expect(mergeProblems([unfinished, warning]).map(({ severity }) => severity)).toEqual(['warning', 'unfinished'])
  expect(mostSevere([unfinished])).toBe('unfinished')
  expect(mostSevere([unfinished, says('Wrong.')])).toBe('error')
})

it('tells each warning of a step, after its errors', () => {
  expect(mergeProblems([warned('n', 'One.'), warned('n', 'Two.')], [says('Wrong.')]).map(({ words }) => words)).toEqual(['Wrong.', 'One.', 'Two.'])
})
