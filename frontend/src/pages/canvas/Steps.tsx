/** The pipeline as a list, in the order of the flow: one row a module. */
import { Button } from '@mantine/core'
import { cardWords } from '../../core/graph/cardShape'
import { flowOrder } from '../../core/graph/flowOrder'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { showNode } from '../../state/drawn'
import { stepOf, useRun } from '../../state/run'
import { useSelection } from '../../state/selection'
import { useStale } from '../../state/stale'
import { showPart, useView } from '../../state/view'
import { Empty } from '../../ui/Empty'
import { markOf } from '../../ui/markOf'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Tile } from '../../ui/Tile'
import classes from './CanvasPage.module.css'

/** The error of a failed step, the progress of a running one, else what differs from the default. */
function useSecondLine(id: string): string {
  const catalogue = useCatalogue()
  const node = useDocument((state) => state.nodes[id])
  const said = useRun((state) => {
    const step = stepOf(id)(state)
    return step?.error?.words ?? (step?.state === 'running' ? step.progress?.words : undefined) ?? ''
  })
  const module = catalogue.module(node?.module ?? '')
  return said || (node ? cardWords(node, module).whole : '')
}

function Row({ id }: { id: string }) {
  const catalogue = useCatalogue()
  const chosen = useSelection((state) => state.nodes.has(id))
  const node = useDocument((state) => state.nodes[id])
  const stale = useStale((state) => state.stale.has(id))
  const mark = useRun((state) => {
    const step = stepOf(id)(state)
    return step && markOf(step)
  })
  const second = useSecondLine(id)
  const module = catalogue.module(node?.module ?? '')
  const shown = stale ? 'stale' : mark
  const show = () => {
    showNode(id)
    useView.getState().canvas?.reveal(id)
    if (chosen) showPart('settings')
  }
  return (
    <li>
      <button type="button" className={classes.step} aria-pressed={chosen} onClick={show}>
        <Tile icon={module?.icon} hue={catalogue.hue(module?.shelf ?? '')} size={28} />
        <span className={classes.stepWords}>{node?.title || module?.title || id}{second && <span>{second}</span>}</span>
        {shown && <><StateMark state={shown} size={18} /><span className="visually-hidden">{STATE_WORDS[shown]}</span></>}
      </button>
    </li>
  )
}

export function Steps() {
  const nodes = useDocument((state) => state.nodes)
  const edges = useDocument((state) => state.edges)
  const readOnly = useDocument((state) => state.readOnly)
  const ids = flowOrder({ nodes, edges })
  if (ids.length === 0) return <Empty title="No modules yet">{readOnly ? 'This pipeline is empty.' : <Button h={44} onClick={() => showPart('add')}>Add a module</Button>}</Empty>
  return (
    <>
      <ol className={classes.steps} aria-label="Modules in the order of the flow">{ids.map((id) => <Row key={id} id={id} />)}</ol>
      <Button className={classes.edit} h={44} variant="default" onClick={() => useView.setState({ outline: true })}>{readOnly ? 'Connections' : 'Connect and delete'}</Button>
    </>
  )
}
