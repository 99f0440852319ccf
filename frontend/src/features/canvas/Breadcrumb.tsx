/** The way back out of a sub-pipeline. */
import { UnstyledButton } from '@mantine/core'
import { Panel } from '@xyflow/react'
import { Fragment, useEffect, useRef } from 'react'
import { useDocument } from '../../state/document'
import { enter, useDrawn } from '../../state/drawn'
import { onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import classes from './Canvas.module.css'

/** What was entered or left is shown whole, and the card that was left has the focus. */
function useArrival() {
  const level = useDrawn((state) => state.level)
  const before = useRef(level)
  useEffect(() => {
    if (before.current === level) return
    before.current = level
    requestAnimationFrame(() => {
      const { canvas } = useView.getState()
      canvas?.fit()
      canvas?.focus(onlyChosen(useSelection.getState()))
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
