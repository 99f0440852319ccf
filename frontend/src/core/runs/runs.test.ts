import { describe, expect, it } from 'vitest'
import { apply, follow, FRESH, isFinished, leftOutOf, LOG_LIMIT, type Run, type RunEvent, runSeconds, secondsToNextTry, skippedWords, starterOf, type Step, stepSeconds, warningsOf, watched } from './runs'

const AT = '2026-01-01T00:00:00Z'

const STEP = FRESH

const RUN: Run = {
  id: 'r', pipeline: null, workspace: 'w', state: 'waiting', created_at: AT, started_at: null, finished_at: null, started_by: '', last_event: 0, to: null, force: false, force_nodes: [], stop_on_failure: false, waiting_for: null, left_out: [], parameters: {}, sweep: null, verifies: null, headline: null,
  graph: { format: 1, name: 'x', nodes: { split: { module: 'transform.split_data', params: {}, position: [0, 0] } }, edges: [], parameters: {}, frames: [], notes: [] },
  steps: { split: STEP },
}

const running = (seq: number): RunEvent => ({ seq, at: AT, type: 'step', node: 'split', step: { state: 'running', started_at: AT } })
const done = (seq: number): RunEvent => ({ seq, at: AT, type: 'step', node: 'split', step: { state: 'done', seconds: 0.5 } })
const line = (seq: number, text = `line ${seq}`): RunEvent => ({ seq, at: AT, type: 'log', node: 'split', level: 'info', line: text })

it('lists what was left out in the order of the flow', () => {
  const node = (y: number) => ({ module: 'm', params: {}, position: [0, y] as [number, number] })
  const run: Run = { ...RUN, left_out: ['evaluate', 'train'].map((each) => ({ node: each, reason: '' })), graph: { ...RUN.graph, nodes: { evaluate: node(0), split: node(1), train: node(2) }, edges: [['train.model', 'evaluate.scored']] } }
  expect(leftOutOf(run)).toEqual(['train', 'evaluate'])
})

it('names the failed step for which another was skipped', () => {
  const run: Run = { ...RUN, graph: { ...RUN.graph, edges: [['split.first', 'clean.table'], ['clean.table', 'train.table']] }, steps: { split: { ...STEP, state: 'failed' }, clean: { ...STEP, state: 'skipped' }, train: { ...STEP, state: 'skipped', why: 'split failed.' } } }
  expect(skippedWords(run, 'train', (_, node) => node.toUpperCase())).toBe('“SPLIT”, which it depends on, failed.')
  expect(skippedWords({ ...run, steps: { train: { ...STEP, why: 'The run stops on first failure.' } } }, 'train', (_, node) => node)).toBe('The run stops on first failure.')
})

it('gathers what a finished step warned of, once', () => {
  const lines = (['info', 'warning', 'warning'] as const).map((level, seq) => ({ seq, at: AT, level, line: level }))
  expect(warningsOf({ ...STEP, state: 'done' }, lines)).toEqual(['warning'])
  expect([warningsOf({ ...STEP, state: 'running' }, lines), warningsOf(undefined, lines), warningsOf({ ...STEP, state: 'done' }, undefined)]).toEqual([[], [], []])
})

describe('apply', () => {
  it('patches the step an event names and keeps the rest', () => {
    const after = apply(RUN, running(1))
    expect(after.steps.split).toEqual({ ...STEP, state: 'running', started_at: AT })
    expect(after.last_event).toBe(1)
    expect(RUN.steps.split?.state).toBe('waiting')
  })

  it('leaves the run alone for an event it already holds', () => {
    const after = apply(RUN, running(1))
    expect(apply(after, done(1))).toBe(after)
  })

  it('patches the run itself', () => {
    expect(apply(RUN, { seq: 1, at: AT, type: 'run', run: { state: 'running' } }).state).toBe('running')
  })

  it('takes progress of a running step only', () => {
    const progress: RunEvent = { seq: 2, at: AT, type: 'progress', node: 'split', done: 3, total: 10, words: 'rows' }
    expect(apply(apply(RUN, running(1)), progress).steps.split?.progress).toEqual({ done: 3, total: 10, words: 'rows' })
    expect(apply(apply(RUN, done(1)), progress).steps.split?.progress).toBeNull()
  })

  it('makes a step it did not know', () => {
    expect(apply(RUN, { seq: 1, at: AT, type: 'step', node: 'new', step: { state: 'ready' } }).steps.new?.state).toBe('ready')
  })
})

describe('follow', () => {
  it('takes events in order whatever order they come in', () => {
    const { after, gap } = follow(watched(RUN), [done(2), running(1)])
    expect(gap).toBe(false)
    expect(after.run.steps.split?.state).toBe('done')
    expect(after.seen).toBe(2)
  })

  it('drops duplicates', () => {
    const once = follow(watched(RUN), [line(1)]).after
    expect(follow(once, [line(1), line(1)]).after.logs.split).toHaveLength(1)
  })

  it('stops at a gap and says so, keeping what came before it', () => {
    const { after, gap } = follow(watched(RUN), [running(1), done(3)])
    expect(gap).toBe(true)
    expect(after.seen).toBe(1)
    expect(after.run.steps.split?.state).toBe('running')
  })

  it('accepts holes in an answer that is complete', () => {
    const { after, gap } = follow(watched(RUN), [running(1), done(3)], true)
    expect(gap).toBe(false)
    expect(after.run.steps.split?.state).toBe('done')
  })

  it('fills logs from events the snapshot already holds, without undoing its state', () => {
    const snapshot: Run = { ...RUN, last_event: 3, steps: { split: { ...STEP, state: 'done' } } }
    const { after } = follow(watched(snapshot), [running(1), line(2), done(3)])
    expect(after.logs.split?.map((one) => one.line)).toEqual(['line 2'])
    expect(after.run.steps.split?.state).toBe('done')
  })

  it('keeps the newest lines only', () => {
    const events = Array.from({ length: LOG_LIMIT + 5 }, (_, index) => line(index + 1))
    const lines = follow(watched(RUN), events).after.logs.split
    expect(lines).toHaveLength(LOG_LIMIT)
    expect(lines?.[0]?.seq).toBe(6)
  })
})

describe('time and names', () => {
  it('measures a running step until now and an ended one as measured', () => {
    const now = Date.parse(AT) + 2500
    expect(stepSeconds(STEP, now)).toBeNull()
    expect(stepSeconds({ ...STEP, started_at: AT }, now)).toBe(2.5)
    expect(stepSeconds({ ...STEP, started_at: AT, seconds: 0.25 }, now)).toBe(0.25)
  })

  it('never counts below nothing when clocks differ', () => {
    expect(runSeconds({ ...RUN, started_at: AT }, Date.parse(AT) - 5000)).toBe(0)
  })

  it('knows the terminal states', () => {
    expect(['done', 'failed', 'cancelled', 'skipped'].every((state) => isFinished(state as 'done'))).toBe(true)
    expect(isFinished('running')).toBe(false)
  })
})

describe('another try', () => {
  const step: Step = { ...FRESH, state: 'ready', tries: 2, ready_at: '2026-01-01T00:00:10Z' }

  it('is counted down to, and only while the step waits for it', () => {
    const now = Date.parse('2026-01-01T00:00:03Z')
    expect(secondsToNextTry(step, now)).toBe(7)
    expect(secondsToNextTry(step, now + 60_000)).toBe(0)
    expect([{ ...step, state: 'running' as const }, { ...step, tries: 0 }, { ...step, ready_at: null }].map((one) => secondsToNextTry(one, now))).toEqual([null, null, null])
  })
})

it('the starter of a run says whose it is', () => {
  expect(starterOf({ started_by: 'Ada', sweep: null })).toBe('Ada')
  expect(starterOf({ started_by: 'Ada (published halves)', sweep: null })).toBe('Ada (published halves)')
  expect(starterOf({ started_by: '', sweep: 's' })).toBe('Former member (sweep)')
})
