/** The canvas: cards, wires, and every gesture on them. */
import '@xyflow/react/dist/base.css'
import { ReactFlow, ReactFlowProvider, SelectionMode } from '@xyflow/react'
import { useRef, type MouseEvent } from 'react'
import { openingView } from '../../core/opening'
import { currentGraph, useDocument } from '../../state/document'
import { choose } from '../../state/selection'
import { openSearch, recallPlace, useView, type Viewport } from '../../state/view'
import classes from './Canvas.module.css'
import { CanvasTools } from './CanvasTools'
import { Card } from './Card'
import { EmptyCanvas } from './EmptyCanvas'
import { NodeMenu, useNodeMenu } from './NodeMenu'
import { Outline } from './Outline'
import { Pointers } from './Pointers'
import { Refusal } from './Refusal'
import { SearchBox } from './SearchBox'
import { useClipboard } from './useClipboard'
import { useDropping } from './useDropping'
import { useFlowElements, type CardNode } from './useFlowElements'
import { useHandle } from './useHandle'
import { useWires } from './useWires'
import { DraggedWire, Wire } from './Wire'

const nodeTypes = { card: Card }
const edgeTypes = { wire: Wire }
const GRID: [number, number] = [10, 10]
const ADD_KEYS = ['Shift', 'Meta', 'Control']

function openAtPointer(event: MouseEvent) {
  if (!(event.target as Element).classList.contains('react-flow__pane')) return
  const handle = useView.getState().canvas
  if (handle && !useDocument.getState().readOnly) openSearch({ at: [event.clientX, event.clientY], place: handle.pointer() })
}

/** Where one left it, else where a newcomer sees most. */
function firstView(pipelineId: string | null, frame: HTMLElement | null): Viewport {
  const { viewport } = recallPlace(pipelineId ?? '')
  const size = { width: frame?.clientWidth ?? 800, height: frame?.clientHeight ?? 600 }
  return viewport ?? openingView(Object.values(currentGraph().nodes), size)
}

/** A plain click on one of many chosen cards leaves only that one. */
function chooseOnly(event: MouseEvent, { id }: CardNode) {
  if (!event.shiftKey && !event.ctrlKey && !event.metaKey) choose([id])
}

function Flow({ workspace }: { workspace?: string }) {
  const frame = useRef<HTMLDivElement>(null)
  const pipelineId = useDocument((state) => state.pipelineId)
  const readOnly = useDocument((state) => state.readOnly)
  const elements = useFlowElements()
  const wires = useWires()
  const dropping = useDropping(workspace)
  const { onMoveEnd, ...pointer } = useHandle(frame)
  const onInit = (flow: { setViewport(view: Viewport): unknown }) => void flow.setViewport(firstView(pipelineId, frame.current))
  const menu = useNodeMenu()
  useClipboard()
  return (
    <div ref={frame} className={classes.frame} onDoubleClick={openAtPointer} {...pointer} {...dropping}>
      <ReactFlow
        {...elements} {...wires} nodeTypes={nodeTypes} edgeTypes={edgeTypes} connectionLineComponent={DraggedWire}
        onMoveEnd={onMoveEnd} onNodeContextMenu={menu.open} onNodeClick={chooseOnly}
        onInit={onInit} minZoom={0.05} maxZoom={2}
        nodesDraggable={!readOnly} nodesConnectable={!readOnly} edgesReconnectable={!readOnly}
        snapToGrid snapGrid={GRID} selectionMode={SelectionMode.Partial} multiSelectionKeyCode={ADD_KEYS} deleteKeyCode={null}
        zoomOnDoubleClick={false} connectOnClick={false} connectionRadius={26} onlyRenderVisibleElements elevateNodesOnSelect
        aria-label="Pipeline" attributionPosition="top-center"
      >
        <CanvasTools />
        <Pointers />
        <Refusal frame={frame} />
      </ReactFlow>
      <EmptyCanvas />
      <SearchBox />
      <NodeMenu at={menu.at} onClose={menu.close} />
      <Outline />
    </div>
  )
}

export function Canvas({ workspace }: { workspace?: string }) {
  return <ReactFlowProvider><Flow workspace={workspace} /></ReactFlowProvider>
}
