/** One run: its frozen graph, read-only, its steps, and their results. */
import { useEffect } from 'react'
import { useSearchParams } from 'wouter'
import type { Graph } from '../../core/graph/graph'
import { Canvas } from '../../features/canvas'
import { ResultsDrawer } from '../../features/data'
import { NodeLog } from '../../features/logs'
import { RunPage as RunDetails } from '../../features/runs'
import { loadCatalogue } from '../../state/catalogue'
import { closeDocument, showGraph, useDocument } from '../../state/document'
import { useRun } from '../../state/run'
import { choose, clearSelection, useSelection } from '../../state/selection'
import '../contributions'
import classes from './RunPage.module.css'

/** Keeps the selected card and the displayed step in sync. */
function useSharedChoice() {
  const [params, setParams] = useSearchParams()
  const node = params.get('node')
  useEffect(() => {
    if (node) choose([node])
  }, [node])
  useEffect(() => useSelection.subscribe(({ nodes }) => {
    const [chosen] = nodes
    setParams((now) => {
      if (chosen && chosen !== now.get('node')) now.set('node', chosen)
      return now
    }, { replace: true })
  }), [setParams])
}

function FrozenCanvas({ id }: { id: string }) {
  const graph = useRun((state) => (state.run?.id === id ? state.run.graph : null))
  useEffect(() => {
    if (graph) showGraph(graph as Graph, graph.name)
  }, [graph])
  useEffect(() => () => {
    closeDocument()
    clearSelection()
  }, [])
  useSharedChoice()
  const shown = useDocument((state) => state.loaded)
  return graph && shown && <Canvas />
}

export default function RunPage({ id }: { id: string }) {
  useEffect(() => void loadCatalogue(), [])
  return (
    <div className={classes.page}>
      <div className={classes.canvas}><FrozenCanvas id={id} /></div>
      <div className={classes.details}>
        <RunDetails
          id={id}
          results={(node, port, onPort) => <ResultsDrawer runId={id} node={node} port={port} onPick={(pick) => onPort(pick.port)} />}
          log={(node) => <NodeLog key={node} node={node} />}
        />
      </div>
    </div>
  )
}
