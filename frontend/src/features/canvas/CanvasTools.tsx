/** What floats on the canvas: zoom, layout, outline, and the minimap. */
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowsMaximize, IconHelp, IconLayoutDistributeHorizontal, IconListTree, IconMinus, IconPlus, type Icon } from '@tabler/icons-react'
import { Background, BackgroundVariant, MiniMap, Panel, useStore, type Node, type ReactFlowState } from '@xyflow/react'
import { useMemo, type ReactNode } from 'react'
import { extentOf, showsAll } from '../../core/graph/initialView'
import { useCatalogue } from '../../state/catalogue'
import { commandOf } from '../../state/commands'
import { useDocument } from '../../state/document'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { keyWords } from '../../ui/Keys'
import { markOf } from '../../ui/markOf'
import classes from './Canvas.module.css'
import { useDistance } from './useDistance'

function Named({ id, children }: { id: string; children(title: string, run: () => void): ReactNode }) {
  const command = commandOf(id)
  if (!command) return null
  const keys = command.keys[0] ? ` (${keyWords(command.keys[0])})` : ''
  return <Tooltip label={`${command.title}${keys}`} position="top">{children(command.title, command.run)}</Tooltip>
}

function Tool({ id, Drawn }: { id: string; Drawn: Icon }) {
  return <Named id={id}>{(title, run) => <ActionIcon size={28} onClick={run} aria-label={title}><Drawn size={16} stroke={1.6} /></ActionIcon>}</Named>
}

/** The zoom in percent; a click sets it to 100 %. */
function Zoom() {
  const percent = useStore(({ transform }: ReactFlowState) => Math.round(transform[2] * 100))
  return <Named id="zoom_one">{(title, run) => <UnstyledButton className={classes.zoom} onClick={run} aria-label={`${percent}\u00a0%. ${title}`}>{`${percent}\u00a0%`}</UnstyledButton>}</Named>
}

/** On the minimap: the state of its step. */
function colourOfNode({ id }: Node): string {
  const step = stepOf(id)(useRun.getState())
  if (!step) return 'var(--line-strong)'
  if (step.state === 'done' && useStale.getState().stale.has(id)) return 'var(--state-warning)'
  const mark = markOf(step)
  return mark === 'reused' ? 'color-mix(in oklab, var(--state-done) 45%, var(--surface))' : mark === 'waiting' ? 'var(--line-strong)' : `var(--state-${mark}, var(--state-idle))`
}

const MANY = 200

/** Whether every card is in view, so that the minimap would be useless. */
function useAllInView(): boolean {
  const nodes = useDocument((state) => state.nodes)
  const catalogue = useCatalogue()
  const extent = useMemo(() => extentOf(Object.values(nodes), catalogue), [nodes, catalogue])
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
      {!far && <Background variant={BackgroundVariant.Dots} gap={20} size={2.2} color="var(--dots)" />}
      {shown && <MiniMap className={classes.minimap} pannable zoomable nodeColor={colourOfNode} nodeBorderRadius={12} ariaLabel="Overview of the pipeline" />}
    </>
  )
}

export function CanvasTools() {
  const readOnly = useDocument((state) => state.readOnly)
  return (
    <>
      <Panel position="bottom-left" className={classes.tools} role="toolbar" aria-label="Canvas">
        <Tool id="zoom_out" Drawn={IconMinus} />
        <Zoom />
        <Tool id="zoom_in" Drawn={IconPlus} />
        <Tool id="fit" Drawn={IconArrowsMaximize} />
        <span className={classes.rule} aria-hidden />
        {!readOnly && <Tool id="tidy" Drawn={IconLayoutDistributeHorizontal} />}
        <Tool id="outline" Drawn={IconListTree} />
        <Tool id="keymap" Drawn={IconHelp} />
      </Panel>
      <Ground />
    </>
  )
}
