/** Where a module is carried out, how often it is tried, and how much it may take: folded, since the usual will mostly do. */
import { Text } from '@mantine/core'
import type { Json } from '../../core/graph'
import { executionShown, executionWords, TARGET_WORDS, type Execution } from '../../core/execution'
import { setExecution } from '../../state/edit'
import { controls } from './controls'
import { FieldHead } from './Field'
import classes from './Inspector.module.css'

interface Props {
  node: string
  execution: Execution | undefined
  readOnly: boolean
}

export function HowItRuns({ node, execution, readOnly }: Props) {
  const words = executionWords(execution)
  return (
    <details className={classes.section}>
      <summary>How it runs{words.length > 0 && <span className={classes.summary}>{words.join('. ')}</span>}</summary>
      {executionShown(execution).map((setting) => <Setting key={setting.name} node={node} setting={setting} execution={execution} readOnly={readOnly} />)}
    </details>
  )
}

function Setting({ node, setting, execution, readOnly }: Props & { setting: ReturnType<typeof executionShown>[number] }) {
  const id = `execution-${node}-${setting.name}`
  const Control = controls[setting.kind]
  const value: Json = execution?.[setting.name] ?? setting.default
  const set = (next: Json | undefined) => setExecution(node, setting.name, next === setting.default ? undefined : next)
  return (
    <div className={classes.field}>
      <FieldHead param={setting} id={id} value={value} readOnly={readOnly} onReset={() => set(undefined)} />
      <Control id={id} param={setting} value={value} onChange={set} columns={null} readOnly={readOnly} unit={setting.unit} />
      {setting.name === 'target' && <Text fz={12} c="dimmed" mt={4}>{TARGET_WORDS[execution?.target ?? 'worker']}</Text>}
    </div>
  )
}
