import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRun, reopenPipeline, type PortPlace } from '../../server/rest'
import { useOpening } from '../../state/opening'
import { useRun } from '../../state/run'
import { useMayEdit } from '../../state/workspace'

/** Makes a pipeline of the one that a report holds, such as that of the winner of a search, and opens it. */
export function OpenAsPipeline({ place }: { place: PortPlace }) {
  const watched = useRun((state) => (state.run?.id === place.run ? state.run.workspace : undefined))
  const asked = useQuery({ queryKey: ['run', place.run], queryFn: () => getRun(place.run), enabled: watched === undefined })
  const edits = useMayEdit(watched ?? asked.data?.workspace)
  const opening = useOpening(() => reopenPipeline(place))
  return edits ? <Button size="compact-sm" variant="default" loading={opening.isPending} onClick={() => opening.mutate(undefined)}>Open as pipeline</Button> : null
}
