/** The small buttons on the canvas: zoom, layout, outline. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconHelp, IconLayoutDistributeHorizontal, IconListTree, IconMinus, IconPlus, type Icon } from '@tabler/icons-react'
import { Background, BackgroundVariant, MiniMap, Panel, useStore, type Node, type ReactFlowState } from '@xyflow/react'
import { useMemo } from 'react'
import { extentOf, showsAll } from '../../core/graph/initialView'
import { commandOf } from '../../state/commands'
import { useDocument } from '../../state/document'
import { stepOf, useRun } from '../../state/run'
import { keyWords } from '../../ui/Keys'
import { markOf } from '../../ui/markOf'
import classes from './Canvas.module.css'
import { useDistance } from './useDistance'

const TOOLS: [id: string, Icon][] = [
  ['zoom_in', IconPlus], ['zoom_out', IconMinus], ['fit', IconArrowsMaximize], ['tidy', IconLayoutDistributeHorizontal], ['outline', IconListTree], ['keymap', IconHelp],
]

function Tool({ id, Drawn }: { id: string; Drawn: Icon }) {
  const command = commandOf(id)
  if (!command) return null
  const keys = command.keys[0] ? ` (${keyWords(command.keys[0])})` : ''
  return (
    <Tooltip label={`${command.title}${keys}`} position="top">
      <ActionIcon onClick={() => command.run()} aria-label={command.title}><Drawn size={16} stroke={1.7} /></ActionIcon>
    </Tooltip>
  )
}

/** On the minimap: the state of its step. */
function colourOfNode({ id }: Node): string {
  const step = stepOf(id)(useRun.getState())
  if (!step) return 'var(--line-strong)'
  const mark = markOf(step)
  return mark === 'reused' ? 'color-mix(in oklab, var(--state-done) 45%, var(--surface))' : mark === 'waiting' ? 'var(--line-strong)' : `var(--state-${mark}, var(--state-idle))`
}

const MANY = 200

/** Whether every card is in view, so that the minimap would be useless. */
function useAllInView(): boolean {
  const nodes = useDocument((state) => state.nodes)
  const extent = useMemo(() => extentOf(Object.values(nodes)), [nodes])
  return useStore(({ transform: [x, y, zoom], width, height }: ReactFlowState) => showsAll({ x, y, zoom }, extent, { width, height }))
}

/** The dots, and the minimap where it shows more than the view; not when zoomed far out, and not on a run's narrow canvas. */
function Ground() {
  const far = useDistance() !== 'near'
  const run = useDocument((state) => state.pipelineId === null)
  const count = useDocument((state) => Object.keys(state.nodes).length)
  const all = useAllInView()
  const shown = !run && count > 0 && !all && !(far && count > MANY)
  return (
    <>
      {!far && <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--dots)" />}
      {shown && <MiniMap className={classes.minimap} pannable zoomable nodeColor={colourOfNode} nodeBorderRadius={12} ariaLabel="Overview of the pipeline" />}
    </>
  )
}

export function CanvasTools() {
  const readOnly = useDocument((state) => state.readOnly)
  return (
    <>
      <Panel position="bottom-left" className={classes.tools} role="toolbar" aria-label="Canvas">
        {TOOLS.filter(([id]) => !readOnly || id !== 'tidy').map(([id, Drawn]) => <Tool key={id} id={id} Drawn={Drawn} />)}
      </Panel>
      <Ground />
    </>
  )
}
