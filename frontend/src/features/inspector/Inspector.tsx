/** The panel beside the canvas: the selected module or sub-pipeline, several of them, or the pipeline itself. */
import { useDocument } from '../../state/document'
import { onlyChosen, useSelection } from '../../state/selection'
import { GroupSettings } from './GroupSettings'
import classes from './Inspector.module.css'
import { MultipleSelection } from './MultipleSelection'
import { NodeSettings } from './NodeSettings'
import { PipelinePanel } from './PipelinePanel'
import { backToCard, useEntering, useHelp } from './settingsFocus'

export function Inspector() {
  const id = useSelection(onlyChosen)
  const count = useSelection((state) => state.nodes.size)
  const node = useDocument((state) => (id ? state.nodes[id] : undefined))
  const group = useDocument((state) => (id ? state.groups[id] : undefined))
  const pipeline = useDocument((state) => state.pipelineId)
  const panel = useEntering()
  const { help, listeners } = useHelp()
  return (
    <section ref={panel} className={classes.inspector} aria-label="Settings" onKeyDown={(event) => backToCard(event, id)} {...listeners}>
      <div className={classes.scroller}>{id && node ? <NodeSettings key={id} id={id} node={node} /> : id && group ? <GroupSettings key={id} id={id} group={group} /> : count > 1 ? <MultipleSelection count={count} /> : pipeline && <PipelinePanel id={pipeline} />}</div>
      {help && <p className={classes.help} aria-hidden>{help}</p>}
    </section>
  )
}
