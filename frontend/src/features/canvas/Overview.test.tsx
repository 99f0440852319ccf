// @vitest-environment jsdom
import { act, cleanup, render } from '@testing-library/react'
import { ReactFlowProvider } from '@xyflow/react'
import { afterEach, expect, it } from 'vitest'
import type { Run } from '../../core/runs/runs'
import { useDocument } from '../../state/document'
import { useRun } from '../../state/run'
import { Overview } from './Overview'

afterEach(cleanup)

const node = (x: number) => ({ module: 'trial.pass_on', params: {}, position: [x, 0] as [number, number] })

const cardsIn = (path: Element) => path.getAttribute('d')?.match(/M/g)?.length

it('draws all cards as one path for each colour, and follows their states', () => {
  useDocument.setState({ nodes: { one: node(0), two: node(300), three: node(600) } })
  const { container, getByRole } = render(<ReactFlowProvider><Overview extent={{ left: 0, right: 840, top: 0, bottom: 44 }} /></ReactFlowProvider>)
  expect(getByRole('img', { name: 'Overview of the pipeline' })).toBeTruthy()
  const cards = () => [...container.querySelectorAll('path[fill]')].map((path) => [path.getAttribute('fill'), cardsIn(path)])
  expect(cards()).toEqual([['var(--line-strong)', 3]])
  act(() => useRun.setState({ run: { steps: { two: { state: 'failed' } } } as unknown as Run }))
  expect(cards()).toEqual([['var(--line-strong)', 2], ['var(--state-failed, var(--state-idle))', 1]])
})
