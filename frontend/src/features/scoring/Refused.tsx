import { useLocation } from 'wouter'
import type { ApiError } from '../../core/base/apiError'
import { nodeTitle } from '../../core/graph/connect'
import type { Graph } from '../../core/graph/graph'
import type { Run } from '../../core/runs/runs'
import { FATES, wiresOf } from '../../core/runs/scoring'
import { useCatalogue } from '../../state/catalogue'
import { CardGraph } from '../../ui/CardGraph'
import { Failure } from '../../ui/Failure'
import { FateMark } from './FateMark'
import classes from './scoring.module.css'

/** Why no scoring pipeline follows from a run: the sentence with its remedy, and the step in the pipeline. */
export function Refused({ run, error, onRetry }: { run: Run; error: ApiError; onRetry: () => void }) {
  const catalogue = useCatalogue()
  const [, go] = useLocation()
  const node = typeof error.body.node === 'string' ? error.body.node : null
  const final = error.status >= 400 && error.status < 500
  return (
    <>
      <Failure error={error} onRetry={final ? undefined : onRetry} />
      {node !== null && node in run.graph.nodes && (
        <>
          <h2 className={classes.name} style={{ marginTop: 16 }}>Training pipeline</h2>
          <CardGraph
            label="Training pipeline" flow="DOWN" first={node} wires={wiresOf(run.graph)} onPick={(id) => go(`/runs/${run.id}?node=${encodeURIComponent(id)}`)}
            cards={Object.keys(run.graph.nodes).map((id) => {
              const title = nodeTitle(run.graph as Graph, catalogue, id)
              return id === node
                ? { id, title, mark: <FateMark fate="refused" />, lines: [FATES.refused.title, error.words], hint: `${error.words} ${error.remedy ?? ''}`, tone: 'failed' as const, focused: true }
                : { id, title, mark: null, lines: [], hint: '' }
            })}
          />
        </>
      )}
    </>
  )
}
