/** Cards of one size in layers, from left to right or from top to bottom: their places, the wires between them, and where a view of them starts. */
import type { ELK, ElkNode } from 'elkjs/lib/elk-api'
import type { Point } from './graph'
import { wirePath } from './wirePath'

export type Flow = 'RIGHT' | 'DOWN'

export interface Size {
  width: number
  height: number
}

export interface Placed extends Size {
  places: Record<string, Point>
}

const PADDING = 16
const SHORTEST = 28

const layout = (flow: Flow) => ({
  'elk.algorithm': 'layered', 'elk.direction': flow, 'elk.spacing.nodeNode': '24', 'elk.layered.spacing.nodeNodeBetweenLayers': flow === 'RIGHT' ? '72' : '44',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX', 'elk.padding': `[top=${PADDING},left=${PADDING},bottom=${PADDING},right=${PADDING}]`,
})

/** The place of each card; what comes first is at the left, or at the top. */
export async function placed(cards: readonly string[], wires: readonly (readonly [from: string, to: string])[], card: Size, flow: Flow, elk: Pick<ELK, 'layout'>): Promise<Placed> {
  const laid: ElkNode = await elk.layout({
    id: 'root', layoutOptions: layout(flow), children: cards.map((id) => ({ id, ...card })),
    edges: wires.map(([from, to], at) => ({ id: `e${at}`, sources: [from], targets: [to] })),
  })
  return { places: Object.fromEntries((laid.children ?? []).map(({ id, x = 0, y = 0 }): [string, Point] => [id, [x, y]])), width: laid.width ?? 0, height: laid.height ?? 0 }
}

/** The curve from the end of one card to the start of another. */
export function cardWire([x1, y1]: Point, [x2, y2]: Point, { width, height }: Size, flow: Flow): string {
  if (flow === 'DOWN') return wirePath([x1 + width / 2, y1 + height], [x2 + width / 2, y2]).path
  const [from, to, middle, other] = [x1 + width, x2, y1 + height / 2, y2 + height / 2]
  const reach = Math.max(SHORTEST, (to - from) / 2)
  return `M${from} ${middle}C${from + reach} ${middle} ${to - reach} ${other} ${to} ${other}`
}

/** Where one axis of a view starts: at the beginning if the wanted card is in view there, else with that card in the middle, at the start of a card, so that none is cut. */
function start(wanted: number, size: number, view: number, starts: readonly number[]): number {
  if (wanted + size + PADDING <= view) return 0
  const middle = wanted - (view - size) / 2
  const least = wanted + size + PADDING - view
  const edges = [...new Set(starts)].map((at) => at - PADDING).filter((at) => at >= least && at <= wanted)
  return edges.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best), wanted - PADDING)
}

/** Where a view of the cards starts: all of them where they fit, else so that the wanted one is in view. */
export function startOf(wanted: string | undefined, { places }: Pick<Placed, 'places'>, card: Size, view: Size): Point {
  const at = places[wanted ?? '']
  if (!at) return [0, 0]
  const all = Object.values(places)
  return [start(at[0], card.width, view.width, all.map(([x]) => x)), start(at[1], card.height, view.height, all.map(([, y]) => y))]
}
