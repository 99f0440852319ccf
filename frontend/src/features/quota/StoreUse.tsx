import { Button, ColorSwatch, Group, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bytes } from '../../core/base/numbers'
import { atLeast, type Workspace } from '../../core/team/people'
import { storeParts, type StoreUse as Use } from '../../core/team/quota'
import { getStore } from '../../server/rest'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import classes from './quota.module.css'
import { CleanUp } from './CleanUp'

/** Drawn unseen while the use is loading: it takes the same room. */
const NOTHING: Use = { used: 0, quota: 1, of_runs: 0, of_datasets: 0, unreferenced: 0, files: 0, measured_at: null }

/** The storage usage of the workspace, and its cleanup. */
export function StoreUse({ workspace }: { workspace: Workspace }) {
  const store = useQuery({ queryKey: ['store', workspace.id], queryFn: () => getStore(workspace.id) })
  const [cleaning, setCleaning] = useState(false)
  return (
    <Section title="Storage" help="Datasets and run results. Identical data is stored once.">
      <QueryBoundary query={store} skeleton={<div className={classes.reserved} aria-busy><Bar store={NOTHING} /></div>}>{(found) => <Bar store={found} />}</QueryBoundary>
      {atLeast(workspace.role, 'admin') && <Button variant="default" mt="sm" onClick={() => setCleaning(true)}>Clean up…</Button>}
      {cleaning && <CleanUp workspace={workspace.id} onClose={() => setCleaning(false)} />}
    </Section>
  )
}

function Bar({ store }: { store: Use }) {
  const parts = storeParts(store)
  return (
    <Stack gap="xs" maw={640}>
      <Progress.Root size={8} role="group" aria-label="Storage usage">
        {parts.map(({ title, share, color }) => <Progress.Section key={title} value={share} color={color} aria-label={title} />)}
      </Progress.Root>
      <Group gap="md">
        {parts.map(({ title, bytes: size, color }) => (
          <Group key={title} gap={6} wrap="nowrap"><ColorSwatch size={10} color={color} withShadow={false} /><Text fz={13}>{title}</Text><Text fz={13} c="dimmed" className="figures">{bytes(size)}</Text></Group>
        ))}
      </Group>
    </Stack>
  )
}
