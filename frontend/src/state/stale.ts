/** The stale results among those shown. */
import { create } from 'zustand'
import type { Graph } from '../core/graph/graph'
import { givenTo, withGiven } from '../core/graph/parameters'
import { staleNodes, type Staleness } from '../core/runs/staleness'
import { currentCatalogue } from './catalogue'
import { currentGraph, useDocument } from './document'
import { useRun } from './run'

export const useStale = create<{ stale: ReadonlyMap<string, Staleness> }>(() => ({ stale: new Map() }))

const DEBOUNCE = 80

/** Compares again shortly after each edit and each run, until the returned function is called. */
export function watchStale(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const compare = () => {
    const { run } = useRun.getState()
    const graph = currentGraph()
    const draft = run && { ...graph, nodes: withGiven(graph.nodes, givenTo(run), useDocument.getState().parameters) }
    const stale = run && draft ? staleNodes(draft, run.graph as Graph, (module) => currentCatalogue().defaults(module)) : new Map<string, Staleness>()
    useStale.setState({ stale })
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(compare, DEBOUNCE)
  }
  const ends = [
    useDocument.subscribe((now, before) => {
      if (now.nodes !== before.nodes || now.edges !== before.edges || now.parameters !== before.parameters) later()
    }),
    useRun.subscribe((now, before) => {
      if (now.run?.graph !== before.run?.graph) later()
    }),
  ]
  return () => {
    clearTimeout(timer)
    ends.forEach((end) => end())
    useStale.setState({ stale: new Map() })
  }
}
