import { describe, expect, it } from 'vitest'
import { findSamples, tasksOf } from './samples'

const sample = (title: string, task: string, ...tags: string[]) => ({ title, task, tags, summary: `About ${title}.`, learn: 'Look at it.' })
const SAMPLES = [sample('Cars', 'Regression', 'linear'), sample('Churn', 'Two classes', 'SMOTE', 'Telecom'), sample('Loans', 'Two classes', 'cost')]
const found = (query: string, task?: string) => findSamples(SAMPLES, query, task).map(({ title }) => title)

describe('findSamples', () => {
  it('finds by title, task, tag and words, in any case and order', () => {
    expect(found('cars')).toEqual(['Cars'])
    expect(found('telecom smote')).toEqual(['Churn'])
    expect(found('CLASSES about')).toEqual(['Churn', 'Loans'])
    expect(found('  ')).toEqual(['Cars', 'Churn', 'Loans'])
    expect(found('smote cost')).toEqual([])
  })

  it('keeps those of a task', () => {
    expect(found('', 'Two classes')).toEqual(['Churn', 'Loans'])
    expect(found('cars', 'Two classes')).toEqual([])
  })
})

it('lists each task once', () => expect(tasksOf(SAMPLES)).toEqual(['Regression', 'Two classes']))
