/** Where a module is carried out, how often it is tried, and how much it may take: folded, since the usual will mostly do. */
import { Text } from '@mantine/core'
import { BUILD_WORDS } from '../../core/environments'
import { executionShown, executionWords, TARGET_WORDS, usualTarget, withEnvironments, type Execution, type ExecutionSetting } from '../../core/execution'
import type { Json } from '../../core/graph'
import { setExecution } from '../../state/edit'
import { useEnvironments } from '../../state/environments'
import { useWorkspace } from '../../state/workspace'
import { controls } from './controls'
import { FieldHead } from './Field'
import classes from './Inspector.module.css'

interface Props {
  node: string
  execution: Execution | undefined
  readOnly: boolean
}

export function HowItRuns({ runsCode, ...props }: Props & { runsCode: boolean }) {
  const { execution } = props
  const words = executionWords(execution)
  return (
    <details className={classes.section}>
      <summary>How it runs{words.length > 0 && <span className={classes.summary}>{words.join('. ')}</span>}</summary>
      {executionShown(execution, runsCode).map((setting) => {
        if (setting.name === 'environment') return <EnvironmentSetting key={setting.name} {...props} setting={setting} />
        return <Setting key={setting.name} {...props} setting={setting} words={setting.name === 'target' ? TARGET_WORDS[execution?.target ?? usualTarget(runsCode)] : undefined} />
      })}
    </details>
  )
}

function EnvironmentSetting(props: Props & { setting: ExecutionSetting }) {
  const { data = [] } = useEnvironments(useWorkspace().workspace?.id)
  const named = props.execution?.environment
  const chosen = data.find(({ name }) => name === named)
  const words = chosen && chosen.state !== 'built' ? `${BUILD_WORDS[chosen.state]}. ${chosen.why ?? ''}` : undefined
  return <Setting {...props} setting={withEnvironments(props.setting, data.map(({ name }) => name), named)} words={words} />
}

function Setting({ node, setting, execution, readOnly, words }: Props & { setting: ExecutionSetting; words?: string }) {
  const id = `execution-${node}-${setting.name}`
  const Control = controls[setting.kind]
  const value: Json = execution?.[setting.name] ?? setting.default
  const set = (next: Json | undefined) => setExecution(node, setting.name, next === setting.default ? undefined : next)
  return (
    <div className={classes.field}>
      <FieldHead param={setting} id={id} value={value} readOnly={readOnly} onReset={() => set(undefined)} />
      <Control id={id} param={setting} value={value} onChange={set} columns={null} readOnly={readOnly} unit={setting.unit} />
      {words && <Text fz={12} c="dimmed" mt={4}>{words}</Text>}
    </div>
  )
}
