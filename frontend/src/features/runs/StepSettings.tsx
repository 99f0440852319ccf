import { Text } from '@mantine/core'
import { exactly } from '../../core/numbers'
import type { Run } from '../../core/runs'
import { SettingsList } from '../../ui/SettingsList'

/** The settings a step ran with, and what is known of how it went. */
export function StepSettings({ run, node }: { run: Run; node: string }) {
  const step = run.steps[node]
  return (
    <div style={{ padding: 12 }}>
      {step?.why && <Text size="sm" mb="xs">{step.why}</Text>}
      {step?.started_at && <Text size="sm" c="dimmed" mb="xs">Started {exactly(step.started_at)}{step.attempt > 1 && `, attempt ${step.attempt}`}.</Text>}
      <SettingsList params={run.graph.nodes[node]?.params ?? {}} />
    </div>
  )
}
