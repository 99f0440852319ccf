/** The position of a new card, and its edges. */
import { cardHeight, TALLEST } from './cardShape'
import type { Catalogue, InputPort, Module, OutputPort } from '../catalogue/catalogue'
import { cornerOf } from './clipboard'
import { checkConnection } from './connect'
import { CARD_WIDTH, joinEnd, splitEnd, upstream, type Edge, type Graph, type GraphNode, type Point } from './graph'

export const GAP = 32
/** From the lower edge of a card to the one below. */
export const BETWEEN = 56

/** The nearest free place at or below the wanted one, so that cards do not overlap. */
export function freePlace(wanted: Point, graph: Graph): Point {
  const taken = Object.values(graph.nodes).map((node) => node.position)
  let [x, y] = wanted
  while (taken.some(([otherX, otherY]) => Math.abs(otherX - x) < 20 && Math.abs(otherY - y) < 20)) {
    x += GAP
    y += GAP
  }
  return [Math.round(x), Math.round(y)]
}

const covers = ([x, y]: Point, catalogue: Catalogue) => (node: GraphNode) =>
  Math.abs(node.position[0] - x) < CARD_WIDTH + GAP && y < node.position[1] + cardHeight(node, catalogue) + GAP && node.position[1] < y + TALLEST + GAP

const hit = (graph: Graph, place: Point, catalogue: Catalogue) => Object.values(graph.nodes).find(covers(place, catalogue))

/** The first free place straight below the wanted one. */
export function clearPlace([x, y]: Point, graph: Graph, catalogue: Catalogue): Point {
  let top = y
  for (let other = hit(graph, [x, top], catalogue); other; other = hit(graph, [x, top], catalogue)) top = other.position[1] + cardHeight(other, catalogue) + GAP
  return [x, top]
}

const ASIDE = [0, 1, -1, 2, -2, 3, -3]
/** Inputs begin at the left, and with the model. */
const ASIDE_ABOVE = ASIDE.map((steps) => -steps)
const ASIDE_GAP = 60

/** In line with the wanted place, or as near beside it as possible; else below. */
function clearBeside([x, y]: Point, graph: Graph, catalogue: Catalogue, aside = ASIDE): Point {
  const free = aside.map((steps): Point => [x + steps * (CARD_WIDTH + ASIDE_GAP), y]).find((place) => !hit(graph, place, catalogue))
  return free ?? clearPlace([x, y], graph, catalogue)
}

/** The corner for copies of cards: in line with the originals, and to the right of what would be in their place. */
export function clearAside(copied: Graph, graph: Graph, catalogue: Catalogue): Point {
  const places = Object.values(copied.nodes).map((node) => node.position)
  const [left, top] = cornerOf(copied)
  let aside = Math.max(...places.map(([x]) => x)) - left + CARD_WIDTH + ASIDE_GAP
  while (places.some(([x, y]) => hit(graph, [x + aside, y], catalogue))) aside += CARD_WIDTH + ASIDE_GAP
  return [left + aside, top]
}

/** Above a card that it feeds, or as near beside that place as possible. */
export function placeAbove(graph: Graph, catalogue: Catalogue, own: GraphNode, fed: string): Point {
  const [x, y] = graph.nodes[fed]?.position ?? [0, 0]
  return clearBeside([x, y - Math.ceil((cardHeight(own, catalogue) + BETWEEN) / 10) * 10], graph, catalogue, ASIDE_ABOVE)
}

export interface Placed {
  /** The upper left corner. */
  position: Point
  edges: Edge[]
}

interface End {
  node: string
  end: string
}

/** Unconnected ends of one kind: outputs, or required inputs. */
function unconnectedEnds(graph: Graph, catalogue: Catalogue, kind: string, side: 'input' | 'output'): End[] {
  const taken = new Set(graph.edges.flat())
  return Object.entries(graph.nodes).flatMap(([node, { module }]) => {
    const declared = catalogue.module(module)
    const ports: (InputPort | OutputPort)[] = side === 'input' ? (declared?.inputs.filter((port) => !port.optional) ?? []) : (declared?.outputs ?? [])
    return ports.filter((port) => port.kind === kind).map((port) => ({ node, end: joinEnd(node, port.name) })).filter(({ end }) => !taken.has(end))
  })
}

/** The first of the ends when all are of one node; otherwise the choice is ambiguous. */
const obvious = (ends: End[]) => (ends.every(({ node }) => node === ends[0]?.node) ? ends[0] : undefined)

/** The source of a new input: the card it is added after, then that card's ancestors, then the only unconnected output. */
function sourceFor(kind: string, after: string, graph: Graph, catalogue: Catalogue, used: ReadonlySet<string>): string | undefined {
  const loose = unconnectedEnds(graph, catalogue, kind, 'output').filter(({ end }) => !used.has(end))
  const own = loose.find(({ node }) => node === after)
  if (own) return own.end
  const port = catalogue.module(graph.nodes[after]?.module ?? '')?.outputs.find((each) => each.kind === kind && !used.has(joinEnd(after, each.name)))
  if (port) return joinEnd(after, port.name)
  const above = upstream(graph.edges, [after])
  return (obvious(loose.filter(({ node }) => above.has(node))) ?? obvious(loose))?.end
}

/** The target of a new output: a required input of the card it is added beside; for a model also the only input that needs one. */
function targetFor(kind: string, beside: string, graph: Graph, catalogue: Catalogue): string | undefined {
  const loose = unconnectedEnds(graph, catalogue, kind, 'input')
  const own = loose.find(({ node }) => node === beside)
  return (own ?? (kind === 'table' ? undefined : obvious(loose)))?.end
}

/** Adds a module after another card: with its unambiguous edges, below its sources or above its targets. */
export function placeAfter(graph: Graph, catalogue: Catalogue, id: string, module: Module, after: string): Placed {
  const edges: Edge[] = []
  const own: GraphNode = { module: module.id, params: {}, position: [0, 0] }
  const nodes = { ...graph.nodes, [id]: own }
  const add = (edge: Edge) => {
    if (checkConnection({ nodes, edges: [...graph.edges, ...edges] }, catalogue, edge).ok) edges.push(edge)
  }
  const used = new Set<string>()
  const needed = module.inputs.filter((port) => !port.optional)
  for (const input of needed.length > 0 ? needed : module.inputs.slice(0, 1)) {
    const source = sourceFor(input.kind, after, graph, catalogue, used)
    if (!source) continue
    used.add(source)
    add([source, joinEnd(id, input.name)])
  }
  const follows = edges.some(([from]) => splitEnd(from).node === after)
  const output = module.outputs[0]
  const target = !follows && output && targetFor(output.kind, after, graph, catalogue)
  if (target) add([joinEnd(id, output.name), target])
  const node = graph.nodes[after]
  const [x, y] = node?.position ?? [0, 0]
  const below = Math.ceil(((node ? cardHeight(node, catalogue) : 0) + BETWEEN) / 10) * 10
  const feeds = target && splitEnd(target).node === after
  return { position: feeds ? placeAbove(graph, catalogue, own, after) : clearBeside([x, follows ? y + below : y], graph, catalogue), edges }
}
