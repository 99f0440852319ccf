/** A deferred result: opening it starts the computation, closing it stops the polling. */
import { Center, Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { EVERYTHING } from '../../core/data/tables'
import { asApiError, getRows, type PortPlace } from '../../server/rest'
import { refreshOutputs } from '../../state/run'
import { Failure } from '../../ui/Failure'
import classes from './results.module.css'

const AGAIN_AFTER = 500

const isBeingComputed = (_: number, reason: unknown) => asApiError(reason).code === 'being_computed'

/** Materializes the result; it is then stored, and updated wherever the run is shown. */
async function materialize(place: PortPlace, signal: AbortSignal) {
  const page = await getRows(place, EVERYTHING, 0, 1, signal)
  await refreshOutputs(place.run, place.node)
  return page
}

export function Deferred({ place, children }: { place: PortPlace; children: ReactNode }) {
  const made = useQuery({
    queryKey: ['made', place], queryFn: ({ signal }) => materialize(place, signal), retry: isBeingComputed, retryDelay: AGAIN_AFTER,
  })
  if (made.data) return children
  if (made.error) return <div className={classes.padded}><Failure error={asApiError(made.error)} onRetry={() => void made.refetch()} /></div>
  return (
    <Center h="100%">
      <Stack align="center" gap="xs" role="status">
        <Loader size="sm" />
        <Text fw={600}>Not stored; computed on demand</Text>
        <Text fz={13} c="dimmed">The result is being computed. It appears here when it is ready.</Text>
      </Stack>
    </Center>
  )
}
