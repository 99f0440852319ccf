/** Automatic layout from top to bottom; elk runs in its own worker and loads on first use. */
import type { ElkNode } from 'elkjs/lib/elk-api'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { Catalogue } from '../catalogue/catalogue'
import { cardHeight, portLeft } from './cardShape'
import { portOf } from './connect'
import { CARD_WIDTH, joinEnd, type Graph, type Point } from './graph'

/** Two ports of one card may share a name, so elk ids include the side. */
const inputId = (end: string) => `in:${end}`
const outputId = (end: string) => `out:${end}`

function elkNode(id: string, graph: Graph, catalogue: Catalogue): ElkNode {
  const node = graph.nodes[id]
  const module = catalogue.module(node?.module ?? '')
  const height = node ? cardHeight(node) : 0
  const place = (names: string[], name: (end: string) => string, y: number, side: string) =>
    names.map((port, at) => ({ id: name(joinEnd(id, port)), x: portLeft(at, names.length), y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } }))
  return {
    id, width: CARD_WIDTH, height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: [
      ...place(module?.inputs.map((port) => port.name) ?? [], inputId, 0, 'NORTH'),
      ...place(module?.outputs.map((port) => port.name) ?? [], outputId, height, 'SOUTH'),
    ],
  }
}

const LAYOUT = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.spacing.nodeNode': '40',
  'elk.layered.spacing.nodeNodeBetweenLayers': '70',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
  'elk.separateConnectedComponents': 'true',
}

const round = (value = 0) => Math.round(value / 10) * 10

/** The position of each card, from top to bottom. */
export async function tidy(graph: Graph, catalogue: Catalogue): Promise<Record<string, Point>> {
  const { default: Elk } = await import('elkjs/lib/elk-api')
  const worker = new Worker(elkWorkerUrl)
  const elk = new Elk({ workerFactory: () => worker })
  const drawn = graph.edges.filter(([from, to]) => portOf(graph, catalogue, from, 'output') && portOf(graph, catalogue, to, 'input'))
  try {
    const laid = await elk.layout({
      id: 'root',
      layoutOptions: LAYOUT,
      children: Object.keys(graph.nodes).map((id) => elkNode(id, graph, catalogue)),
      edges: drawn.map(([from, to], at) => ({ id: `${at}`, sources: [outputId(from)], targets: [inputId(to)] })),
    })
    return Object.fromEntries((laid.children ?? []).map((node): [string, Point] => [node.id, [round(node.x), round(node.y)]]))
  } finally {
    worker.terminate()
  }
}
