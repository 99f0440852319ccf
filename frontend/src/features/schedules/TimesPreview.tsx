import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { here, ownZone, timesOf, type TimesDraft } from '../../core/schedules/schedules'
import { asApiError, previewTimes } from '../../server/rest'
import { Failure } from '../../ui/Failure'
import classes from './schedules.module.css'

/** The times in words, and the next ten in their own zone and in the viewer's. */
export function TimesPreview({ draft }: { draft: TimesDraft }) {
  const [settled] = useDebouncedValue(draft, 300)
  const asked = timesOf(settled)
  const preview = useQuery({ queryKey: ['times', asked], queryFn: ({ signal }) => previewTimes(asked, signal), retry: false, placeholderData: (before) => before })
  if (preview.error) return <div role="status"><Failure error={asApiError(preview.error)} /></div>
  if (!preview.data) return <div className={classes.preview} role="status">Computing the next times…</div>
  const { words, notes, next } = preview.data
  const elsewhere = draft.zone !== ownZone()
  return (
    <div className={classes.preview} role="status" aria-label="Next times">
      <strong>{words}</strong>
      {notes.map((note) => <p key={note}>{note}</p>)}
      <ol>
        {next.map(({ at, local, note }) => <li key={at}>{local} {elsewhere && <span>(here {here(at)})</span>}{note && <p>{note}</p>}</li>)}
      </ol>
    </div>
  )
}
