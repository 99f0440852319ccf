/** The settings, notes, ports and last run of the selection. */
import { Text } from '@mantine/core'
import { useDocument } from '../../state/document'
import { onlyChosen, useSelection } from '../../state/selection'
import { ExecutionSettings } from './ExecutionSettings'
import classes from './Inspector.module.css'
import { NodeSettings } from './NodeSettings'
import { MultipleSelection } from './MultipleSelection'
import { backToCard, useEntering, useHelp } from './settingsFocus'

/** Nothing is selected: the settings of the whole pipeline. */
function PipelineSettings() {
  const execution = useDocument((state) => state.execution)
  const readOnly = useDocument((state) => state.readOnly)
  const loaded = useDocument((state) => state.loaded)
  return (
    <div className={classes.body}>
      <Text fz={14} fw={600}>Nothing selected</Text>
      <Text fz={13} c="dimmed">Select a module on the canvas to edit its settings and see its last run. Hold Shift and drag to select several.</Text>
      {loaded && <ExecutionSettings node={null} execution={execution} readOnly={readOnly} />}
    </div>
  )
}

export function Inspector() {
  const id = useSelection(onlyChosen)
  const count = useSelection((state) => state.nodes.size)
  const node = useDocument((state) => (id ? state.nodes[id] : undefined))
  const panel = useEntering()
  const { help, listeners } = useHelp()
  return (
    <section ref={panel} className={`${classes.inspector} dense`} aria-label="Settings" onKeyDown={(event) => backToCard(event, id)} {...listeners}>
      <div className={classes.scroller}>{id && node ? <NodeSettings key={id} id={id} node={node} /> : count > 1 ? <MultipleSelection count={count} /> : <PipelineSettings />}</div>
      {help && <p className={classes.help} aria-hidden>{help}</p>}
    </section>
  )
}
