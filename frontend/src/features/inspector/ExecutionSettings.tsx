/** How a module or a whole pipeline runs: target, retries, limits; folded to a line, since the defaults mostly suffice. */
import { Text } from '@mantine/core'
import { BUILD_FOR, BUILD_WORDS } from '../../core/team/environments'
import type { Execution, Target } from '../../core/graph/graph'
import { executionLine, executionShown, TARGET_WORDS, defaultTarget, withEnvironments, type ExecutionSetting } from '../../core/graph/execution'
import type { Json } from '../../core/base/json'
import { setExecution } from '../../state/edit'
import { useEnvironments } from '../../state/environments'
import { useMe } from '../../state/me'
import { useWorkspace } from '../../state/workspace'
import { controls } from './controls'
import { FieldHead, helpWords } from './Field'
import classes from './Inspector.module.css'
import { Fold } from './Part'

interface Props {
  /** Null is the whole pipeline. */
  node: string | null
  /** Its own settings. */
  execution: Execution | undefined
  /** The pipeline's settings for all modules. */
  all?: Execution
  readOnly: boolean
}

export function ExecutionSettings({ runsCode = false, ...props }: Props & { runsCode?: boolean }) {
  const { node, execution, all } = props
  const held = { ...all, ...execution }
  const hasRay = useMe()?.has_ray
  return (
    <Fold title={node === null ? 'How all modules run' : 'How it runs'} value={executionLine(held, runsCode)}>
      {node === null && <Text fz={12} c="dimmed">Defaults for all modules. A module can override them.</Text>}
      {executionShown(execution, runsCode, all, hasRay).map((setting) => {
        if (setting.name === 'environment') return <EnvironmentSetting key={setting.name} {...props} setting={setting} target={held.target ?? defaultTarget(runsCode)} />
        return <Setting key={setting.name} {...props} setting={setting} words={setting.name === 'target' ? TARGET_WORDS[held.target ?? defaultTarget(runsCode)] : undefined} />
      })}
    </Fold>
  )
}

function EnvironmentSetting({ target, ...props }: Props & { setting: ExecutionSetting; target: Target }) {
  const { data = [] } = useEnvironments(useWorkspace().workspace?.id)
  const named = props.execution?.environment ?? props.all?.environment
  const chosen = data.find(({ name }) => name === named)
  const build = chosen?.builds.find((one) => one.target === target)
  const words = build && build.state !== 'built' ? `${BUILD_FOR[build.target]}: ${BUILD_WORDS[build.state].toLowerCase()}. ${build.why ?? ''}` : undefined
  return <Setting {...props} setting={withEnvironments(props.setting, data.map(({ name }) => name), named)} words={words} />
}

function Setting({ node, setting, execution, readOnly, words }: Props & { setting: ExecutionSetting; words?: string }) {
  const id = `execution-${node ?? ''}-${setting.name}`
  const Control = controls[setting.kind]
  const value: Json = execution?.[setting.name] ?? setting.default
  const set = (next: Json | undefined) => setExecution(node, setting.name, next === setting.default ? undefined : next)
  return (
    <div className={classes.field} role="group" aria-description={helpWords(setting)} data-help={helpWords(setting)}>
      <FieldHead param={setting} id={id} value={value} readOnly={readOnly} onReset={() => set(undefined)} />
      <Control id={id} node={null} param={setting} value={value} onChange={set} columns={null} readOnly={readOnly} unit={setting.unit} />
      {words && <Text fz={12} c="dimmed" mt={4}>{words}</Text>}
      {setting.inherited && <Text fz={12} c="dimmed" mt={4}>Inherited from the pipeline.</Text>}
    </div>
  )
}
