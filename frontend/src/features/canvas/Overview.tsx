/** The map of a pipeline with the part in view, which can be dragged. A path for each colour: React Flow's own has an element and a subscription for each card. */
import { Panel, useReactFlow, useStore, type ReactFlowState } from '@xyflow/react'
import { memo, useEffect, useMemo, useRef, type PointerEvent } from 'react'
import { cardHeight } from '../../core/graph/cardShape'
import { CARD_WIDTH } from '../../core/graph/graph'
import type { Extent } from '../../core/graph/initialView'
import { groupState } from '../../core/runs/groupState'
import { useCatalogue } from '../../state/catalogue'
import { useDrawn, withFolded } from '../../state/drawn'
import { stepOf, useRun } from '../../state/run'
import { useStale } from '../../state/stale'
import { markOf } from '../../ui/markOf'
import classes from './Canvas.module.css'

const WIDTH = 148
const HEIGHT = 100
/** Pixels around what the map shows. */
const MARGIN = 5
/** The wheel's zoom, as on the canvas. */
const PER_PIXEL = 0.002

type Step = Parameters<typeof markOf>[0] | undefined

/** The state of a step. */
function colourOf(step: Step, stale: boolean): string {
  if (!step) return 'var(--line-strong)'
  if (step.state === 'done' && stale) return 'var(--state-warning)'
  const mark = markOf(step)
  return mark === 'reused' ? 'color-mix(in oklab, var(--state-done) 45%, var(--surface))' : mark === 'waiting' ? 'var(--line-strong)' : `var(--state-${mark}, var(--state-idle))`
}

function AllCards() {
  const drawn = useDrawn()
  const catalogue = withFolded(useCatalogue())
  const run = useRun((state) => state.run)
  const asked = useRun((state) => state.asked)
  const stale = useStale((state) => state.stale)
  const paths = useMemo(() => {
    const found = new Map<string, string>()
    for (const [id, node] of Object.entries(drawn.nodes)) {
      const members = drawn.members.get(id)
      const state = members ? groupState(members, (member) => stepOf(member)({ run, asked })).state : undefined
      const step = members ? state && { state: state === 'reused' ? 'done' as const : state, reused: state === 'reused' } : stepOf(id)({ run, asked })
      const colour = colourOf(step, (members ?? [id]).some((node) => stale.has(node)))
      found.set(colour, `${found.get(colour) ?? ''}M${node.position.join(' ')}h${CARD_WIDTH}v${cardHeight(node, catalogue)}h-${CARD_WIDTH}z`)
    }
    return found
  }, [drawn, catalogue, run, asked, stale])
  return [...paths].map(([colour, d]) => <path key={colour} d={d} fill={colour} />)
}

const Cards = memo(AllCards)

/** The box around the cards and the view, in the proportions of the map. */
function frameOf({ left, right, top, bottom }: Extent) {
  const scale = Math.max((right - left) / (WIDTH - 2 * MARGIN), (bottom - top) / (HEIGHT - 2 * MARGIN))
  const [width, height] = [WIDTH * scale, HEIGHT * scale]
  return { scale, box: [(left + right - width) / 2, (top + bottom - height) / 2, width, height] as const }
}

const transformOf = ({ transform }: ReactFlowState) => transform
const widthOf = ({ width }: ReactFlowState) => width
const heightOf = ({ height }: ReactFlowState) => height

export function Overview({ extent }: { extent: Extent }) {
  const flow = useReactFlow()
  const map = useRef<SVGSVGElement>(null)
  const [x, y, zoom] = useStore(transformOf)
  const view = { left: -x / zoom, top: -y / zoom, width: useStore(widthOf) / zoom, height: useStore(heightOf) / zoom }
  const { scale, box } = frameOf({
    left: Math.min(extent.left, view.left), right: Math.max(extent.right, view.left + view.width),
    top: Math.min(extent.top, view.top), bottom: Math.max(extent.bottom, view.top + view.height),
  })
  useEffect(() => {
    const element = map.current
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      void flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY * PER_PIXEL))
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [flow])
  const onPointerMove = ({ buttons, movementX, movementY }: PointerEvent) => {
    if (buttons === 1) void flow.setViewport({ x: x - movementX * scale * zoom, y: y - movementY * scale * zoom, zoom })
  }
  const [left, top, width, height] = box
  return (
    <Panel position="bottom-right" className={classes.minimap} data-testid="overview">
      <svg ref={map} viewBox={box.join(' ')} role="img" aria-label="Overview of the pipeline" onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={onPointerMove}>
        <Cards />
        <path className={classes.outside} fillRule="evenodd" d={`M${left} ${top}h${width}v${height}h-${width}zM${view.left} ${view.top}h${view.width}v${view.height}h-${view.width}z`} />
      </svg>
    </Panel>
  )
}
