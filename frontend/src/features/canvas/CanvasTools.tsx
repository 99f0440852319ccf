/** What floats on the canvas: zoom, layout, outline, and the minimap. */
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowsMaximize, IconHelp, IconLayoutDistributeHorizontal, IconListTree, IconMinus, IconPlus, type Icon } from '@tabler/icons-react'
import { Background, BackgroundVariant, Panel, useStore, type ReactFlowState } from '@xyflow/react'
import { useMemo, type ReactNode } from 'react'
import { extentOf, showsAll } from '../../core/graph/initialView'
import { useCatalogue } from '../../state/catalogue'
import { commandOf } from '../../state/commands'
import { useDocument } from '../../state/document'
import { useDrawn, withFolded } from '../../state/drawn'
import { keyWords } from '../../ui/Keys'
import { useAfterPaint } from '../../ui/useAfterPaint'
import classes from './Canvas.module.css'
import { Overview } from './Overview'
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

const MANY = 200

/** The dots, and the minimap where it shows more than the view; not when zoomed far out, and not on a run's narrow canvas. */
function Ground() {
  const far = useDistance() !== 'near'
  const run = useDocument((state) => state.pipelineId === null)
  const nodes = useDrawn((state) => state.nodes)
  const catalogue = withFolded(useCatalogue())
  const count = Object.keys(nodes).length
  const extent = useMemo(() => extentOf(Object.values(nodes), catalogue), [nodes, catalogue])
  const all = useStore(({ transform: [x, y, zoom], width, height }: ReactFlowState) => showsAll({ x, y, zoom }, extent, { width, height }))
  const shown = !run && count > 0 && !all && !(far && count > MANY)
  return (
    <>
      {!far && <Background variant={BackgroundVariant.Dots} gap={20} size={2.2} color="var(--dots)" />}
      {shown && <Overview extent={extent} />}
    </>
  )
}

function Tools() {
  const readOnly = useDocument((state) => state.readOnly)
  return (
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
  )
}

/** The tools come once the cards are drawn. */
export function CanvasTools() {
  const drawn = useAfterPaint(true)
  return <>{drawn && <Tools />}<Ground /></>
}
