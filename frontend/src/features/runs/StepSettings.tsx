import { Text } from '@mantine/core'
import { executionWords } from '../../core/graph/execution'
import { exactly } from '../../core/base/numbers'
import type { Run } from '../../core/runs/runs'
import { SettingsList } from '../../ui/SettingsList'

/** The settings a step ran with, and the facts of its execution. */
export function StepSettings({ run, node }: { run: Run; node: string }) {
  const step = run.steps[node]
  const how = executionWords({ ...run.graph.execution, ...run.graph.nodes[node]?.execution })
  return (
    <div style={{ padding: 12 }}>
      {step?.why && <Text size="sm" mb="xs">{step.why}</Text>}
      {step?.started_at && <Text size="sm" c="dimmed" mb="xs">Started {exactly(step.started_at)}{step.attempt > 1 && `, attempt ${step.attempt}`}.</Text>}
      {how.length > 0 && <Text size="sm" mb="xs">{how.join('. ')}.</Text>}
      <SettingsList params={run.graph.nodes[node]?.params ?? {}} />
    </div>
  )
}
