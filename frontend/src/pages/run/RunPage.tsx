/** One run: its frozen graph, read-only, its steps, and their results. */
import { useEffect } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { Graph } from '../../core/graph/graph'
import { Canvas } from '../../features/canvas'
import { ResultsDrawer } from '../../features/data'
import { ItemsView } from '../../features/items'
import { NodeLog } from '../../features/logs'
import { RunPage as RunDetails } from '../../features/runs'
import { loadCatalogue } from '../../state/catalogue'
import { closeDocument, showGraph, useDocument } from '../../state/document'
import { again, useRun } from '../../state/run'
import { hasEnded, hasGaps, isBusy } from '../../state/runDraft'
import { choose, clearSelection, useSelection } from '../../state/selection'
import { useMayEdit } from '../../state/workspace'
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
    // An address is written only where it differs: the page clears the selection as it goes, and would come back.
    if (chosen && chosen !== node) setParams((now) => ({ ...Object.fromEntries(now), node: chosen }), { replace: true })
  }), [node, setParams])
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

/** The items of a step. What failed runs again in a further run, whose page is opened. */
function RunItems({ id, node }: { id: string; node: string }) {
  const [, go] = useLocation()
  const workspace = useRun((state) => state.run?.workspace ?? '')
  const gaps = useRun((state) => hasGaps(state.run?.steps[node]))
  const over = useRun((state) => hasEnded(state.run?.steps[node]))
  const busy = useRun(isBusy)
  const edits = useMayEdit(workspace)
  const runAgain = async () => {
    const run = await again(id)
    if (run) go(`/runs/${run.id}?node=${node}&view=items`)
  }
  return <ItemsView run={id} node={node} over={over} onAgain={gaps && edits && !busy ? () => void runAgain() : null} />
}

export default function RunPage({ id }: { id: string }) {
  useEffect(() => void loadCatalogue(), [])
  return (
    <div className={classes.page}>
      <div className={classes.details}>
        <RunDetails
          id={id}
          results={(node, port, onPort) => <ResultsDrawer runId={id} node={node} port={port} onPick={(pick) => onPort(pick.port)} />}
          items={(node) => <RunItems key={node} id={id} node={node} />}
          log={(node) => <NodeLog key={node} node={node} />}
        />
      </div>
      <div className={classes.canvas}><FrozenCanvas id={id} /></div>
    </div>
  )
}
