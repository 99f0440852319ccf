/** Tidies a graph from top to bottom; elk thinks in its own worker and loads when first asked. */
import type { ElkNode } from 'elkjs/lib/elk-api'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import type { Catalogue } from './catalogue'
import { CARD_WIDTH, joinEnd, splitEnd, type Graph, type Point } from './graph'

export type Direction = 'down' | 'right'

const SIZE = { width: CARD_WIDTH, height: 88 }

function elkNode(id: string, graph: Graph, catalogue: Catalogue, direction: Direction): ElkNode {
  const module = catalogue.module(graph.nodes[id]?.module ?? '')
  const side = direction === 'down' ? { in: 'NORTH', out: 'SOUTH' } : { in: 'WEST', out: 'EAST' }
  // elk counts ports clockwise, so that those on the south and west sides run backwards.
  const ports = [
    ...(module?.inputs ?? []).map((port, at) => ({ id: joinEnd(id, port.name), side: side.in, index: direction === 'down' ? at : -at })),
    ...(module?.outputs ?? []).map((port, at) => ({ id: joinEnd(id, port.name), side: side.out, index: direction === 'down' ? -at : at })),
  ]
  return {
    id, ...SIZE,
    layoutOptions: { 'elk.portConstraints': 'FIXED_ORDER' },
    ports: ports.map((port) => ({ id: port.id, width: 1, height: 1, layoutOptions: { 'elk.port.side': port.side, 'elk.port.index': `${port.index}` } })),
  }
}

export async function tidy(graph: Graph, catalogue: Catalogue, direction: Direction = 'down'): Promise<Record<string, Point>> {
  const { default: Elk } = await import('elkjs/lib/elk-api')
  const worker = new Worker(elkWorkerUrl)
  const elk = new Elk({ workerFactory: () => worker })
  const known = new Set(Object.keys(graph.nodes).flatMap((id) => {
    const module = catalogue.module(graph.nodes[id]?.module ?? '')
    return [...(module?.inputs ?? []), ...(module?.outputs ?? [])].map((port) => joinEnd(id, port.name))
  }))
  try {
    const laid = await elk.layout({
      id: 'root',
      layoutOptions: {
        'elk.algorithm': 'layered',
        'elk.direction': direction === 'down' ? 'DOWN' : 'RIGHT',
        'elk.spacing.nodeNode': '40',
        'elk.layered.spacing.nodeNodeBetweenLayers': '72',
        'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      },
      children: Object.keys(graph.nodes).map((id) => elkNode(id, graph, catalogue, direction)),
      edges: graph.edges
        .filter(([from, to]) => splitEnd(from).node in graph.nodes && splitEnd(to).node in graph.nodes)
        .map(([from, to], at) => ({
          id: `${at}`,
          sources: [known.has(from) ? from : splitEnd(from).node],
          targets: [known.has(to) ? to : splitEnd(to).node],
        })),
    })
    const round = (value = 0) => Math.round(value / 10) * 10
    return Object.fromEntries((laid.children ?? []).map((node) => [node.id, [round(node.x), round(node.y)] as Point]))
  } finally {
    worker.terminate()
  }
}
