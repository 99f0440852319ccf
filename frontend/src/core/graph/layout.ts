/** Automatic layout from top to bottom; elk runs in its own worker and loads on first use. */
import type { ELK, ElkNode } from 'elkjs/lib/elk-api'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { Catalogue } from '../catalogue/catalogue'
import { cardHeight, portLeft, TALLEST } from './cardShape'
import { portOf } from './connect'
import { CARD_WIDTH, joinEnd, splitEnd, type Edge, type Graph, type Point } from './graph'
import { hiding, type Box, type Line } from './wiresBehind'

/** Two ports of one card may share a name, so elk ids include the side. */
const inputId = (end: string) => `in:${end}`
const outputId = (end: string) => `out:${end}`

function elkNode(id: string, graph: Graph, catalogue: Catalogue): ElkNode {
  const node = graph.nodes[id]
  const module = catalogue.module(node?.module ?? '')
  const height = node ? cardHeight(node, catalogue) : 0
  const place = (names: string[], name: (end: string) => string, y: number, side: string) =>
    names.map((port, at) => ({ id: name(joinEnd(id, port)), x: portLeft(at, names.length), y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } }))
  return {
    id, width: CARD_WIDTH, height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS', 'elk.alignment': 'TOP' },
    ports: [
      ...place(module?.inputs.map((port) => port.name) ?? [], inputId, 0, 'NORTH'),
      ...place(module?.outputs.map((port) => port.name) ?? [], outputId, height, 'SOUTH'),
    ],
  }
}

const LAYOUT = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.spacing.nodeNode': '52',
  'elk.spacing.edgeNode': '24',
  'elk.layered.spacing.nodeNodeBetweenLayers': '60',
  'elk.layered.spacing.edgeNodeBetweenLayers': '8',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '4',
  'elk.separateConnectedComponents': 'true',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
  'elk.spacing.componentComponent': '72',
}

/** Elk routes wires round cards, but they are drawn as plain curves: of several placements, the one whose curves pass behind the fewest cards, then mended. */
const PLACEMENTS: Record<string, string>[] = [
  { 'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX', 'elk.layered.nodePlacement.favorStraightEdges': 'true' },
  { 'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF', 'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED' },
  { 'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF', 'elk.layered.nodePlacement.favorStraightEdges': 'true' },
  { 'elk.layered.nodePlacement.strategy': 'LINEAR_SEGMENTS' },
]
/** A larger pipeline is laid out once. */
const MOST_COMPARED = 200

const round = (value = 0) => Math.round(value / 10) * 10

export type Places = Record<string, Point>

/** The lines of the wires, with every card at its place. */
function drawnAt(places: Places, graph: Graph, catalogue: Catalogue, edges: readonly Edge[]): { boxes: Map<string, Box>; lines: Line[] } {
  const boxes = new Map(Object.entries(graph.nodes).map(([id, node]): [string, Box] => {
    const [x, y] = places[id] ?? node.position
    return [id, { x, y, height: cardHeight(node, catalogue) }]
  }))
  const end = (whole: string, side: 'inputs' | 'outputs'): Point => {
    const { node, port } = splitEnd(whole)
    const box = boxes.get(node) ?? { x: 0, y: 0, height: 0 }
    const names = catalogue.module(graph.nodes[node]?.module ?? '')?.[side].map(({ name }) => name) ?? []
    return [box.x + portLeft(names.indexOf(port), names.length), side === 'inputs' ? box.y : box.y + box.height]
  }
  return { boxes, lines: edges.map(([from, to]) => ({ from: end(from, 'outputs'), to: end(to, 'inputs'), cards: [splitEnd(from).node, splitEnd(to).node] })) }
}

/** The cards that the drawn wires pass behind. */
export function hidingAt(places: Places, graph: Graph, catalogue: Catalogue, edges: readonly Edge[]): string[] {
  const { boxes, lines } = drawnAt(places, graph, catalogue, edges)
  return hiding(boxes, lines)
}

/** The distances by which a card is moved aside, near ones first. */
const ASIDE = [20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 240, 280].flatMap((step) => [step, -step])
const MOST_MOVES = 12

/** With a card moved aside, and those of its row that stand on that side with it. */
function movedAside(places: Places, id: string, by: number): Places {
  const [x, y] = places[id] ?? [0, 0]
  const goes = ([otherX, otherY]: Point) => Math.abs(otherY - y) < TALLEST && (by > 0 ? otherX >= x : otherX <= x)
  return Object.fromEntries(Object.entries(places).map(([other, place]): [string, Point] => [other, goes(place) ? [place[0] + by, place[1]] : place]))
}

/** Moves cards off the wires they hide, as long as that helps. */
function mended(places: Places, graph: Graph, catalogue: Catalogue, edges: readonly Edge[]): Places {
  let best = places
  let hidden = hidingAt(best, graph, catalogue, edges)
  for (let move = 0; move < MOST_MOVES && hidden.length > 0; move += 1) {
    const tried = [...new Set(hidden)].flatMap((id) => ASIDE.map((by) => movedAside(best, id, by))).map((moved) => ({ moved, left: hidingAt(moved, graph, catalogue, edges) }))
    const least = tried.reduce((one, two) => (two.left.length < one.left.length ? two : one))
    if (least.left.length >= hidden.length) break
    best = least.moved
    hidden = least.left
  }
  return best
}

async function layOut(elk: Pick<ELK, 'layout'>, graph: Graph, catalogue: Catalogue, edges: readonly Edge[], options: Record<string, string>): Promise<Places> {
  const laid = await elk.layout({
    id: 'root', layoutOptions: { ...LAYOUT, ...options }, children: Object.keys(graph.nodes).map((id) => elkNode(id, graph, catalogue)),
    edges: edges.map(([from, to], at) => ({ id: `${at}`, sources: [outputId(from)], targets: [inputId(to)] })),
  })
  return Object.fromEntries((laid.children ?? []).map((node): [string, Point] => [node.id, [round(node.x), round(node.y)]]))
}

/** The best of several placements by an elk that is given, so that a test can bring its own. */
export async function tidyWith(elk: Pick<ELK, 'layout'>, graph: Graph, catalogue: Catalogue): Promise<Places> {
  const edges = graph.edges.filter(([from, to]) => portOf(graph, catalogue, from, 'output') && portOf(graph, catalogue, to, 'input'))
  const few = Object.keys(graph.nodes).length <= MOST_COMPARED
  let best: Places = {}
  let fewest = Infinity
  for (const placement of few ? PLACEMENTS : PLACEMENTS.slice(0, 1)) {
    const places = await layOut(elk, graph, catalogue, edges, placement)
    const hidden = hidingAt(places, graph, catalogue, edges).length
    if (hidden < fewest) [best, fewest] = [places, hidden]
    if (fewest === 0) break
  }
  return few ? mended(best, graph, catalogue, edges) : best
}

/** The position of each card, from top to bottom. */
export const tidy = (graph: Graph, catalogue: Catalogue): Promise<Places> => withElk((elk) => tidyWith(elk, graph, catalogue))

/** Uses elk in a worker that ends with the use. */
export async function withElk<Result>(layOutWith: (elk: Pick<ELK, 'layout'>) => Promise<Result>): Promise<Result> {
  const { default: Elk } = await import('elkjs/lib/elk-api')
  const worker = new Worker(elkWorkerUrl)
  try {
    return await layOutWith(new Elk({ workerFactory: () => worker }))
  } finally {
    worker.terminate()
  }
}
