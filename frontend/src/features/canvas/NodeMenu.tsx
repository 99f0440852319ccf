/** The context menu of a card, an edge or the canvas, at the pointer. */
import { Menu } from '@mantine/core'
import type { Edge, Node } from '@xyflow/react'
import { useCallback, useState, type MouseEvent } from 'react'
import { availableCommands } from '../../state/commands'
import { choose, useSelection } from '../../state/selection'
import { CommandItems } from '../../ui/CommandItems'
import classes from './Canvas.module.css'

const OFFERED = {
  node: ['run_to', 'run_force_chosen', 'settings', 'rename', 'results', 'log', 'copy_chosen', 'duplicate', 'fit_chosen', 'delete'],
  edge: ['delete'],
  pane: ['search', 'all', 'tidy', 'fit', 'outline'],
}

interface At {
  x: number
  y: number
  on: keyof typeof OFFERED
}

export function useNodeMenu() {
  const [at, setAt] = useState<At | null>(null)
  const open = useCallback((event: MouseEvent | globalThis.MouseEvent, on: At['on']) => {
    event.preventDefault()
    setAt({ x: event.clientX, y: event.clientY, on })
  }, [])
  const onNode = useCallback((event: MouseEvent, node: Node) => {
    if (!useSelection.getState().nodes.has(node.id)) choose([node.id])
    open(event, 'node')
  }, [open])
  const onEdge = useCallback((event: MouseEvent, edge: Edge) => {
    choose([], [edge.id])
    open(event, 'edge')
  }, [open])
  const onPane = useCallback((event: MouseEvent | globalThis.MouseEvent) => {
    choose([])
    open(event, 'pane')
  }, [open])
  const close = useCallback(() => setAt(null), [])
  return { at, close, listeners: { onNodeContextMenu: onNode, onEdgeContextMenu: onEdge, onPaneContextMenu: onPane } }
}

const NAMES = { node: 'Module menu', edge: 'Wire menu', pane: 'Canvas menu' }

export function NodeMenu({ at, onClose }: { at: At | null; onClose: () => void }) {
  return (
    <Menu opened={at !== null} onClose={onClose} position="bottom-start" offset={0} key={at ? `${at.x},${at.y}` : 'closed'}>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label={NAMES[at?.on ?? 'node']} className={classes.menuPoint} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        <CommandItems commands={availableCommands(OFFERED[at?.on ?? 'node'])} />
      </Menu.Dropdown>
    </Menu>
  )
}
