/** The canvas: cards, edges, and all gestures. */
import '@xyflow/react/dist/base.css'
import { ReactFlow, ReactFlowProvider, SelectionMode } from '@xyflow/react'
import { useRef, type FocusEvent, type MouseEvent } from 'react'
import { useDocument } from '../../state/document'
import { enter } from '../../state/drawn'
import { choose } from '../../state/selection'
import { goToSettings, openSearch, useView, type Viewport } from '../../state/view'
import classes from './Canvas.module.css'
import { CanvasTools } from './CanvasTools'
import { Breadcrumb } from './Breadcrumb'
import { Card } from './Card'
import { EmptyCanvas } from './EmptyCanvas'
import { FarWires } from './FarWires'
import { FileOver } from './FileOver'
import { Guides } from './Guides'
import { NodeMenu, useNodeMenu } from './NodeMenu'
import { Outline } from './Outline'
import { Pointers } from './Pointers'
import { Refusal } from './Refusal'
import { SearchBox } from './SearchBox'
import { useClipboard } from './useClipboard'
import { DistanceProvider } from './useDistance'
import { useDropping } from './useDropping'
import { useFirstView } from './useFirstView'
import { useFlowElements, type CardNode } from './useFlowElements'
import { useHandle } from './useHandle'
import { useKnown } from './useKnown'
import { useUpload } from './useUpload'
import { useWires } from './useWires'
import { DraggedWire, Wire } from './Wire'
import { useWiring } from './wiring'

const nodeTypes = { card: Card }
const edgeTypes = { wire: Wire }
const GRID: [number, number] = [10, 10]
/** Above so many cards none has a shadow. */
const MANY = 200
const ADD_KEYS = ['Shift', 'Meta', 'Control']

function openAtPointer(event: MouseEvent) {
  if (!(event.target as Element).classList.contains('react-flow__pane')) return
  const handle = useView.getState().canvas
  if (handle && !useDocument.getState().readOnly) openSearch({ at: [event.clientX, event.clientY], place: handle.pointer() })
}

/** A plain click on one of many selected cards selects only that one. */
function chooseOnly(event: MouseEvent, { id }: CardNode) {
  if (!event.shiftKey && !event.ctrlKey && !event.metaKey) choose([id])
}

/** A sub-pipeline is entered, a module renamed. */
function open({ target }: MouseEvent, { id }: CardNode) {
  if ((target as Element).closest('button, .react-flow__handle')) return
  if (useDocument.getState().groups[id]) return enter(id)
  choose([id])
  goToSettings('title')
}

/** A card that gets the focus by keyboard scrolls into view. */
function showFocused({ target }: FocusEvent<Element>) {
  const id = target.matches('.react-flow__node:focus-visible') ? target.getAttribute('data-id') : null
  if (id) useView.getState().canvas?.reveal(id)
}

interface FlowProps {
  workspace?: string
  view: Viewport
}

function Flow({ workspace, view }: FlowProps) {
  const frame = useRef<HTMLDivElement>(null)
  const readOnly = useDocument((state) => state.readOnly)
  const { elements, farWires } = useFlowElements()
  useKnown(elements)
  const wires = useWires()
  const upload = useUpload(workspace)
  const { files, dropping } = useDropping(upload)
  const { onMoveEnd, ...pointer } = useHandle(frame, upload)
  const menu = useNodeMenu()
  const over = useWiring((state) => state.over !== null)
  useClipboard(upload)
  return (
    <div ref={frame} className={classes.frame} data-testid="canvas" data-files={files > 0 || undefined} data-over={over || undefined} data-many={elements.nodes.length > MANY || undefined} onDoubleClick={openAtPointer} onFocus={showFocused} {...pointer} {...dropping}>
      <EmptyCanvas onFiles={upload} />
      <ReactFlow
        {...elements} {...wires} nodeTypes={nodeTypes} edgeTypes={edgeTypes} connectionLineComponent={DraggedWire}
        {...menu.listeners} onMoveEnd={onMoveEnd} onNodeClick={chooseOnly} onNodeDoubleClick={open}
        defaultViewport={view} minZoom={0.05} maxZoom={2}
        nodesDraggable={!readOnly} nodesConnectable={!readOnly} edgesReconnectable={!readOnly}
        snapToGrid snapGrid={GRID} selectionMode={SelectionMode.Partial} multiSelectionKeyCode={ADD_KEYS} deleteKeyCode={null}
        zoomOnDoubleClick={false} connectOnClick={false} connectionRadius={26} onlyRenderVisibleElements zIndexMode="manual"
        aria-label="Pipeline" tabIndex={-1} disableKeyboardA11y attributionPosition="bottom-right"
      >
        {farWires && <FarWires nodes={elements.nodes} edges={farWires} />}
        <Breadcrumb />
        <CanvasTools />
        <Guides />
        <Pointers />
        <Refusal frame={frame} />
      </ReactFlow>
      {files > 0 && <FileOver files={files} />}
      <SearchBox />
      <NodeMenu at={menu.at} onClose={menu.close} />
      <Outline />
    </div>
  )
}

/** The size of the canvas is known before its first drawing, which so shows the cards where they stay. */
export function Canvas({ workspace }: { workspace?: string }) {
  const [measure, first] = useFirstView()
  return (
    <div ref={measure} className={classes.room}>
      {first && <ReactFlowProvider initialWidth={first.size.width} initialHeight={first.size.height} zIndexMode="manual"><DistanceProvider view={first.view}><Flow workspace={workspace} view={first.view} /></DistanceProvider></ReactFlowProvider>}
    </div>
  )
}
