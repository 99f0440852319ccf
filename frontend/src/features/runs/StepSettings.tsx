import { Text } from '@mantine/core'
import type { Run } from '../../core/runs'
import { exactly } from '../../core/numbers'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'

/** The settings a step ran with, and what is known of how it went. */
export function StepSettings({ run, node }: { run: Run; node: string }) {
  const settings = Object.entries(run.graph.nodes[node]?.params ?? {})
  const step = run.steps[node]
  return (
    <div style={{ padding: 12 }}>
      {step?.why && <Text size="sm" mb="xs">{step.why}</Text>}
      {step?.started_at && <Text size="sm" c="dimmed" mb="xs">Started {exactly(step.started_at)}{step.attempt > 1 && `, attempt ${step.attempt}`}.</Text>}
      {settings.length === 0 ? <Empty title="All settings at their defaults" /> : (
        <div className={list.scroller}>
          <table className={list.list}>
            <thead><tr><th scope="col">Setting</th><th scope="col">Value</th></tr></thead>
            <tbody>
              {settings.map(([name, value]) => <tr key={name}><td>{name.replaceAll('_', ' ')}</td><td>{typeof value === 'string' ? value : JSON.stringify(value)}</td></tr>)}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
