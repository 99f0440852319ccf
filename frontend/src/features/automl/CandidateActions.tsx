import { Button } from '@mantine/core'
import { IconCode, IconSitemap } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { reopenPipeline, type PortPlace } from '../../server/rest'
import { exportCandidate, useOpening } from '../../state/opening'
import classes from './search.module.css'

/** What a model of the leaderboard becomes. */
export interface Opens {
  /** Where the report is that holds the winner's pipeline, of which those of the others are made; null until there is one. */
  place: PortPlace | null
  /** Why there is none. */
  why: string
  mayEdit: boolean
}

export function CandidateActions({ name, opens: { place, why, mayEdit } }: { name: string; opens: Opens }) {
  const opening = useOpening((from: PortPlace) => reopenPipeline(from, name))
  const exporting = useMutation({ mutationFn: (from: PortPlace) => exportCandidate(from, name) })
  if (!place) return <p className={classes.soft}>{why}</p>
  return (
    <div className={classes.actions}>
      {mayEdit && <Button variant="default" leftSection={<IconSitemap size={16} stroke={1.6} />} loading={opening.isPending} onClick={() => opening.mutate(place)}>Open as pipeline</Button>}
      <Button variant="default" leftSection={<IconCode size={16} stroke={1.6} />} loading={exporting.isPending} onClick={() => exporting.mutate(place)}>Export as Python</Button>
    </div>
  )
}
