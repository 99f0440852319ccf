/** The way back out of a sub-pipeline. */
import { UnstyledButton } from '@mantine/core'
import { Panel } from '@xyflow/react'
import { Fragment, useEffect, useRef } from 'react'
import { useDocument } from '../../state/document'
import { enter, useDrawn } from '../../state/drawn'
import { keepExisting, onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import classes from './Canvas.module.css'

/** The card that has the focus after another level is drawn: the selected one, the one that was left, or the topmost. */
function arrivalOf(left: string | null): string | null {
  const { nodes } = useDrawn.getState()
  const only = onlyChosen(useSelection.getState())
  const found = [only, left].find((id) => id !== null && id in nodes)
  if (found) return found
  const [top] = Object.entries(nodes).sort(([, { position: one }], [, { position: other }]) => one[1] - other[1] || one[0] - other[0])
  return top?.[0] ?? null
}

/** What was entered or left is shown whole. What is not drawn there is not selected: its results and settings would stand beside other cards. */
function useArrival() {
  const level = useDrawn((state) => state.level)
  const before = useRef(level)
  useEffect(() => {
    if (before.current === level) return
    const left = before.current
    before.current = level
    const { nodes } = useDrawn.getState()
    keepExisting((id) => id in nodes, () => true)
    requestAnimationFrame(() => {
      const { canvas } = useView.getState()
      canvas?.fit()
      canvas?.focus(arrivalOf(left))
    })
  }, [level])
}

export function Breadcrumb() {
  useArrival()
  const path = useDrawn((state) => state.path)
  const name = useDocument((state) => state.name)
  const groups = useDocument((state) => state.groups)
  if (path.length === 0) return null
  const steps: [string | null, string][] = [[null, name], ...path.map((id): [string, string] => [id, groups[id]?.title ?? id])]
  return (
    <Panel position="top-left" className={classes.crumbs}>
      <nav aria-label="Sub-pipeline">
        {steps.map(([id, title], at) => (
          <Fragment key={id}>
            {at > 0 && <span aria-hidden>›</span>}
            {at < steps.length - 1 ? <UnstyledButton onClick={() => enter(id)}>{title}</UnstyledButton> : <span aria-current="page">{title}</span>}
          </Fragment>
        ))}
      </nav>
    </Panel>
  )
}
