import { beforeEach, expect, it } from 'vitest'
import { choose, choosePort, clearSelection, onlyChosen, useSelection } from './selection'

beforeEach(clearSelection)

it('says nothing when the same is chosen again', () => {
  choose(['a', 'b'])
  const before = useSelection.getState().nodes
  choose(['b', 'a'])
  expect(useSelection.getState().nodes).toBe(before)
})

it('choosing a port chooses its node', () => {
  choosePort({ node: 'split', port: 'first' })
  expect(onlyChosen(useSelection.getState())).toBe('split')
})

it('another node lets go of the port, more nodes keep it', () => {
  choosePort({ node: 'split', port: 'first' })
  choose(['split', 'train'])
  expect(useSelection.getState().port).not.toBeNull()
  choose(['train'])
  expect(useSelection.getState().port).toBeNull()
})
