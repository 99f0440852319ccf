/** The context menu of a card, a wire or the canvas, at the pointer. */
import { Menu } from '@mantine/core'
import {
  IconAdjustmentsHorizontal, IconArrowsMaximize, IconArrowsSplit2, IconCopy, IconCopyPlus, IconLayoutDistributeHorizontal, IconListDetails, IconListTree, IconPencil, IconPlayerPlay, IconPlus, IconRefresh,
  IconRefreshAlert, IconRosetteDiscountCheck, IconSelectAll, IconStack2, IconStackPush, IconTable, IconTerminal2, IconX, IconZoomIn, type Icon,
} from '@tabler/icons-react'
import type { Edge, Node } from '@xyflow/react'
import { Fragment, useCallback, useState, type MouseEvent } from 'react'
import { availableCommands } from '../../state/commands'
import type { Command } from '../../state/contributions'
import { chosenGroup } from '../../state/drawn'
import { choose, useSelection } from '../../state/selection'
import { keyWords } from '../../ui/Keys'
import classes from './Canvas.module.css'

/** Ten items at most, in groups, beside those of a step with items. */
const OFFERED = {
  node: [['run_to', 'run_force_chosen', 'run_failed_items', 'results', 'register', 'items', 'log'], ['settings', 'rename', 'copy_chosen', 'duplicate', 'fold', 'module_help'], ['delete']],
  group: [['enter', 'unfold'], ['run_to', 'run_force_chosen', 'results'], ['rename', 'copy_chosen', 'duplicate', 'fold'], ['delete']],
  edge: [['search'], ['delete']],
  pane: [['search', 'all'], ['tidy', 'fit', 'outline']],
}

const ICONS: Record<string, Icon> = {
  run_to: IconPlayerPlay, run_force_chosen: IconRefresh, run_failed_items: IconRefreshAlert, results: IconTable, register: IconRosetteDiscountCheck, items: IconListDetails, log: IconTerminal2, settings: IconAdjustmentsHorizontal, rename: IconPencil, copy_chosen: IconCopy,
  duplicate: IconCopyPlus, fit_chosen: IconZoomIn, delete: IconX, search: IconPlus, all: IconSelectAll, tidy: IconLayoutDistributeHorizontal, fit: IconArrowsMaximize, outline: IconListTree,
  fold: IconStack2, unfold: IconArrowsSplit2, enter: IconStackPush,
}

/** Shorter than in the list of all commands, since the place says the rest. */
const TITLES: Record<keyof typeof OFFERED, Record<string, string>> = {
  node: { delete: 'Delete and reconnect', fold: 'Fold', settings: 'Module settings' },
  group: { delete: 'Delete and reconnect', enter: 'Open', unfold: 'Unfold', fold: 'Fold', rename: 'Rename', results: 'Show results' },
  edge: { search: 'Insert a module' },
  pane: { search: 'Add a module' },
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
    open(event, chosenGroup() ? 'group' : 'node')
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

function Item({ command: { id, title, keys, run, can }, called }: { command: Command; called: string | undefined }) {
  const Drawn = ICONS[id]
  return (
    <Menu.Item
      fz={13} lh="20px" py={4} c={id === 'delete' ? 'var(--state-failed)' : undefined} disabled={!(can?.() ?? true)} onClick={run}
      leftSection={Drawn && <Drawn size={16} stroke={1.6} aria-hidden />} rightSection={keys[0] && <span className={classes.keys}>{keyWords(keys[0])}</span>}
    >
      {called ?? title}
    </Menu.Item>
  )
}

const NAMES = { node: 'Module menu', group: 'Sub-pipeline menu', edge: 'Connection menu', pane: 'Canvas menu' }

export function NodeMenu({ at, onClose }: { at: At | null; onClose: () => void }) {
  const on = at?.on ?? 'node'
  const groups = OFFERED[on].map(availableCommands).filter((group) => group.length > 0)
  return (
    <Menu opened={at !== null} onClose={onClose} position="bottom-start" offset={0} width={248} key={at ? `${at.x},${at.y}` : 'closed'}>
      <Menu.Target>
        <button type="button" tabIndex={-1} aria-label={NAMES[on]} className={classes.menuPoint} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((group, index) => (
          <Fragment key={group[0]?.id}>
            {index > 0 && <Menu.Divider />}
            {group.map((command) => <Item key={command.id} command={command} called={TITLES[on][command.id]} />)}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
