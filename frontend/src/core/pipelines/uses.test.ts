import { describe, expect, it } from 'vitest'
import { changedSteps, changeWords, deletionWords, type PipelineUse, useHref, useWords } from './uses'

const use = (more: Partial<PipelineUse>): PipelineUse => ({ kind: 'endpoint', id: 'e', name: 'prices', version: 3, changed: [], ...more })

describe('where a pipeline is in use', () => {
  it('is said with its version and its page', () => {
    expect([useWords(use({})), useHref(use({}))]).toEqual(['Endpoint, version 3', '/endpoints/e'])
    expect([useWords(use({ kind: 'schedule', version: null })), useHref(use({ kind: 'schedule' }))]).toEqual(['Schedule', '/schedules'])
    expect([useWords(use({ kind: 'trigger', version: null })), useHref(use({ kind: 'trigger' }))]).toEqual(['Trigger', '/schedules'])
    expect(useHref(use({ kind: 'published', id: 'p' }))).toBe('/published/p')
  })

  it('says what has changed since', () => {
    expect(changeWords(use({}))).toBe('As it is drawn here')
    expect(changeWords(use({ changed: ['a'] }))).toBe('1 step changed since')
    expect(changeWords(use({ changed: null }))).toContain('deleted')
    expect([...changedSteps([use({ changed: ['a', 'b'] }), use({ changed: ['b'] }), use({ changed: null })])]).toEqual(['a', 'b'])
  })

  it('says what goes when the pipeline is deleted, and what stays', () => {
    expect(deletionWords([])).toMatch(/on the Runs page\.$/)
    const words = deletionWords([use({}), use({ version: 2 }), use({ kind: 'schedule', name: 'Daily' }), use({ kind: 'trigger', name: 'New cars' })])
    expect(words).toContain('Its schedules and triggers go too, with their history: “Daily”, “New cars”. What is published stays in use: “prices”.')
  })
})
