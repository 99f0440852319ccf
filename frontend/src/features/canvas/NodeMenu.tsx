/** What can be done with a card, at the pointer. */
import { Menu } from '@mantine/core'
import type { Node } from '@xyflow/react'
import { useCallback, useState, type MouseEvent } from 'react'
import { offered } from '../../state/commands'
import { choose, useSelection } from '../../state/selection'
import { CommandItems } from '../../ui/CommandItems'
import classes from './Canvas.module.css'

type At = { x: number; y: number } | null

const OFFERED = ['run_to', 'run_force_chosen', 'duplicate', 'fit_chosen', 'delete']

export function useNodeMenu() {
  const [at, setAt] = useState<At>(null)
  const open = useCallback((event: MouseEvent, node: Node) => {
    event.preventDefault()
    if (!useSelection.getState().nodes.has(node.id)) choose([node.id])
    setAt({ x: event.clientX, y: event.clientY })
  }, [])
  const close = useCallback(() => setAt(null), [])
  return { at, open, close }
}

export function NodeMenu({ at, onClose }: { at: At; onClose: () => void }) {
  return (
    <Menu opened={at !== null} onClose={onClose} position="bottom-start" offset={0} key={at ? `${at.x},${at.y}` : 'closed'}>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label="Module menu" className={classes.menuPoint} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        <CommandItems commands={offered(OFFERED)} />
      </Menu.Dropdown>
    </Menu>
  )
}
