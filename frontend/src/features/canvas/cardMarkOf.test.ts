import { expect, it } from 'vitest'
import { cardMarkOf, type Marks } from './cardMarkOf'

const mark = (marks: Partial<Marks>) => cardMarkOf({ step: undefined, stale: false, problem: undefined, memory: false, warnings: false, gaps: false, ...marks })

it('shows what is happening before all else', () => {
  expect(mark({ step: 'running', stale: true, problem: 'error' })).toBe('running')
  expect(mark({ step: 'failed', stale: true, warnings: true })).toBe('failed')
})

it('shows a refused setting before an outdated result, and that before a warning', () => {
  expect(mark({ step: 'done', stale: true, problem: 'error' })).toBe('problem')
  expect(mark({ step: 'done', stale: true, problem: 'warning', warnings: true })).toBe('stale')
  expect(mark({ step: 'reused', problem: 'warning', memory: true })).toBe('caution')
  expect(mark({ step: 'done', memory: true, warnings: true })).toBe('memory')
  expect(mark({ step: 'done', gaps: true, warnings: true })).toBe('gaps')
  expect(mark({ step: 'done', warnings: true })).toBe('warning')
})

it('shows nothing on a card that is not configured', () => {
  expect(mark({ problem: 'unfinished' })).toBeNull()
  expect(mark({ step: 'done', stale: true, problem: 'unfinished' })).toBeNull()
})

it('shows the state of the step where there is nothing else to say', () => {
  expect(mark({ step: 'reused' })).toBe('reused')
  expect(mark({})).toBeNull()
})
