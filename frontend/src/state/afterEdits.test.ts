import { beforeEach, expect, it, vi } from 'vitest'
import { askAfterEdits } from './afterEdits'
import { useDocument } from './document'

vi.mock('../server/documentSocket', () => ({ DocumentSocket: class {} }))

const SETTLE = 250

beforeEach(() => {
  vi.useFakeTimers()
  useDocument.setState(useDocument.getInitialState(), true)
})

it.each(['before', 'after'])('asks once when the document was loaded %s the start, and again after edits', async (when) => {
  const ask = vi.fn(() => Promise.resolve())
  const load = () => useDocument.setState({ loaded: true, saved: 'saved' })
  if (when === 'before') load()
  const { end } = askAfterEdits(ask, SETTLE)
  if (when === 'after') load()
  await vi.advanceTimersByTimeAsync(SETTLE)
  expect(ask).toHaveBeenCalledTimes(1)
  useDocument.setState({ edges: [] })
  useDocument.setState({ edges: [] })
  await vi.advanceTimersByTimeAsync(SETTLE)
  expect(ask).toHaveBeenCalledTimes(2)
  end()
})

it('asks nothing about a document that is not there', async () => {
  const ask = vi.fn(() => Promise.resolve())
  const { end } = askAfterEdits(ask, SETTLE)
  await vi.advanceTimersByTimeAsync(SETTLE)
  expect(ask).not.toHaveBeenCalled()
  end()
})
