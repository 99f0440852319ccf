import { describe, expect, it } from 'vitest'
import { arrangePipelines, fileNameOf, lastRunWords, readDocument } from './pipelines'

const made = (name: string, updated_at: string, ran: string | null = null, updated_by: string | null = null) =>
  ({ name, updated_at, updated_by, last_run: ran === null ? null : { created_at: ran } })

const ALL = [made('Trial 10', '2026-01-03', null, 'Ada'), made('trial 2', '2026-01-01', '2026-02-01'), made('Cars', '2026-01-02', '2026-03-01', 'Grace')]
const names = (found: { name: string }[]) => found.map(({ name }) => name)

describe('arranged', () => {
  it('puts the newest first, names in the order of numbers, and what never ran last', () => {
    expect(names(arrangePipelines(ALL, '', 'changed'))).toEqual(['Trial 10', 'Cars', 'trial 2'])
    expect(names(arrangePipelines(ALL, '', 'name'))).toEqual(['Cars', 'trial 2', 'Trial 10'])
    expect(names(arrangePipelines(ALL, '', 'ran'))).toEqual(['Cars', 'trial 2', 'Trial 10'])
  })

  it('finds every word of a search in the name or in who changed it', () => {
    expect(names(arrangePipelines(ALL, ' TRIAL 1', 'name'))).toEqual(['Trial 10'])
    expect(names(arrangePipelines(ALL, 'grace', 'name'))).toEqual(['Cars'])
    expect(names(arrangePipelines(ALL, 'trial grace', 'name'))).toEqual([])
  })
})

describe('files', () => {
  it('names a file so that every system takes it', () => {
    expect(fileNameOf('Prices / 2026: "best"')).toBe('Prices 2026 best.json')
    expect(fileNameOf('///')).toBe('pipeline.json')
  })

  it('reads a document, and says what is wrong with anything else', () => {
    expect(readDocument('{"format": 1, "nodes": {}}', 'a.json')).toEqual({ document: { format: 1, nodes: {} } })
    expect(readDocument('a,b\n1,2', 'a.csv')).toEqual({ refusal: expect.stringContaining('“a.csv” is not JSON') as string })
    for (const text of ['[]', 'null', '3', '{"a": 1}']) expect(readDocument(text, 'b.json')).toEqual({ refusal: expect.stringContaining('is not a pipeline') as string })
  })
})

describe('the words of the last run', () => {
  const steps = { steps: 7, steps_finished: 3, steps_failed: 0 }
  it('say how far it is, and how many steps failed', () => {
    expect(lastRunWords({ state: 'running', ...steps })).toBe('Running, 3 of 7')
    expect(lastRunWords({ state: 'running', ...steps, steps: 0 })).toBe('Running')
    expect(lastRunWords({ state: 'failed', ...steps, steps_failed: 1 })).toBe('1 step failed')
    expect(lastRunWords({ state: 'failed', ...steps })).toBe('Failed')
    expect(lastRunWords({ state: 'done', ...steps })).toBe('Done')
  })
})
