import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FRESH, type Output, type Run, type RunEvent } from '../core/runs/runs'
import { again, attach, cancel, detach, refreshOutputs, start, useRun } from './run'

const rest = vi.hoisted(() => ({ startRun: vi.fn(), runAgain: vi.fn(), getRun: vi.fn(), cancelRun: vi.fn() }))
const socket = vi.hoisted(() => ({ listen: vi.fn() }))
vi.mock('../server/rest', async () => ({ ...rest, asApiError: (await import('../core/base/apiError')).asApiError }))
vi.mock('../server/runSocket', () => socket)

const AT = '2026-01-01T00:00:00Z'
const run = (id: string, state: Run['state'] = 'running', last_event = 0): Run => ({
  id, state, last_event, pipeline: null, workspace: 'w', created_at: AT, started_at: AT, finished_at: null, started_by: '', to: null, force: false, force_nodes: [], stop_on_failure: false, waiting_for: null, left_out: [], parameters: {}, sweep: null, verifies: null, headline: null, steps: {},
  graph: { format: 1, name: '', nodes: {}, edges: [], parameters: {}, frames: [], notes: [] },
})

type Take = (events: RunEvent[], complete: boolean) => boolean
const stopped = vi.fn()
const take: Take = (events, complete) => (socket.listen.mock.lastCall?.[1] as { onEvents: Take }).onEvents(events, complete)

beforeEach(() => {
  detach()
  vi.clearAllMocks()
  socket.listen.mockReturnValue(stopped)
})

describe('start', () => {
  it('shows at once that a run starts, then the run', async () => {
    rest.startRun.mockResolvedValue(run('r'))
    const starting = start('p', { to: ['n'] })
    expect(useRun.getState().starting).toBe(true)
    await starting
    expect(useRun.getState()).toMatchObject({ starting: false, run: { id: 'r' } })
    expect(rest.startRun).toHaveBeenCalledWith('p', { to: ['n'] })
  })

  it('goes on from a run that failed, as a run of its own', async () => {
    rest.getRun.mockResolvedValue(run('failed', 'failed'))
    await attach('failed')
    rest.runAgain.mockResolvedValue(run('next'))
    await again('failed')
    expect(rest.runAgain).toHaveBeenCalledWith('failed')
    expect(useRun.getState().run?.id).toBe('next')
  })

  it('keeps the reason when the server refuses', async () => {
    rest.startRun.mockRejectedValue(new Error('no'))
    expect(await start('p')).toBeNull()
    expect(useRun.getState()).toMatchObject({ starting: false, run: null, error: { code: 'unexpected' } })
  })

  it('keeps showing the run before until the new one is here, and when there is none', async () => {
    rest.getRun.mockResolvedValue(run('before'))
    await attach('before')
    rest.startRun.mockRejectedValueOnce(new Error('no')).mockResolvedValueOnce(run('after'))
    const refused = start('p')
    expect(useRun.getState()).toMatchObject({ starting: true, run: { id: 'before' } })
    await refused
    expect(useRun.getState()).toMatchObject({ starting: false, run: { id: 'before' }, error: { code: 'unexpected' } })
    expect(stopped).not.toHaveBeenCalled()
    await start('p')
    expect(useRun.getState()).toMatchObject({ run: { id: 'after' }, error: null })
    expect(stopped).toHaveBeenCalledOnce()
  })

  it('drops a late answer when something else is watched by then', async () => {
    rest.startRun.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve(run('late')), 5)))
    rest.getRun.mockResolvedValue(run('now'))
    const late = start('p')
    await attach('now')
    await late
    expect(useRun.getState().run?.id).toBe('now')
  })
})

describe('watching', () => {
  it('tells what a look has made, and nothing of another run', async () => {
    const left = (output: Partial<Output>) => ({ ...FRESH, state: 'done' as const, outputs: { table: { kind: 'table' as const, digest: '', bytes: 0, rows: null, width: null, ...output } } })
    rest.getRun.mockResolvedValueOnce({ ...run('r', 'done'), steps: { a: left({ deferred: true }), b: left({ deferred: true }) } })
    await attach('r')
    rest.getRun.mockResolvedValue({ ...run('r', 'done'), steps: { a: left({ rows: 3 }), b: left({ rows: 4 }) } })
    await refreshOutputs('r', 'a')
    await refreshOutputs('other', 'b')
    const steps = useRun.getState().run?.steps
    expect([steps?.a?.outputs.table?.rows, steps?.a?.outputs.table?.deferred, steps?.b?.outputs.table?.rows]).toEqual([3, undefined, null])
    rest.getRun.mockRejectedValue(new Error('gone'))
    await refreshOutputs('r', 'a')
    expect(useRun.getState().run?.steps.a?.outputs.table?.rows).toBe(3)
  })

  it('applies events and stops listening when the run has ended', async () => {
    rest.getRun.mockResolvedValue(run('r'))
    await attach('r')
    expect(take([{ seq: 1, at: AT, type: 'log', node: 'n', level: 'info', line: 'hello' }], false)).toBe(true)
    expect(useRun.getState().logs.n).toHaveLength(1)
    expect(stopped).not.toHaveBeenCalled()
    take([{ seq: 2, at: AT, type: 'run', run: { state: 'done' } }], false)
    expect(useRun.getState().run?.state).toBe('done')
    expect(stopped).toHaveBeenCalledOnce()
  })

  it('reads the logs of a run that ended before it was watched, then stops', async () => {
    rest.getRun.mockResolvedValue(run('r', 'done', 2))
    await attach('r')
    take([{ seq: 1, at: AT, type: 'log', node: 'n', level: 'info', line: 'hello' }, { seq: 2, at: AT, type: 'run', run: { state: 'done' } }], false)
    expect(useRun.getState().logs.n).toHaveLength(1)
    expect(stopped).toHaveBeenCalledOnce()
  })

  it('says when there is a gap', async () => {
    rest.getRun.mockResolvedValue(run('r'))
    await attach('r')
    expect(take([{ seq: 5, at: AT, type: 'run', run: { state: 'done' } }], false)).toBe(false)
    expect(useRun.getState().run?.state).toBe('running')
  })

  it('does not attach twice to the same run', async () => {
    rest.getRun.mockResolvedValue(run('r'))
    await attach('r')
    await attach('r')
    expect(rest.getRun).toHaveBeenCalledOnce()
  })
})

describe('cancel', () => {
  it('is busy until the run says that it ended', async () => {
    rest.getRun.mockResolvedValue(run('r'))
    rest.cancelRun.mockResolvedValue(undefined)
    await attach('r')
    await cancel()
    expect(useRun.getState().cancelling).toBe(true)
    take([{ seq: 1, at: AT, type: 'run', run: { state: 'cancelled' } }], false)
    expect(useRun.getState().cancelling).toBe(false)
  })

  it('leaves a finished run alone', async () => {
    rest.getRun.mockResolvedValue(run('r', 'done', 3))
    await attach('r')
    await cancel()
    expect(rest.cancelRun).not.toHaveBeenCalled()
  })
})
