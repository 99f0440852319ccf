import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { exactly } from '../../core/base/numbers'
import { tickState, type Schedule, type Tick } from '../../core/schedules/schedules'
import { getTicks } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'
import list from '../../ui/list.module.css'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { StateMark } from '../../ui/StateMark'
import classes from './schedules.module.css'

const FRESH_EVERY = 5000

/** Every planned time of a schedule, newest first, and what became of it. */
export function History({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const ticks = useInfiniteQuery({
    queryKey: ['ticks', schedule.id], queryFn: ({ pageParam }) => getTicks(schedule, pageParam), initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.before ?? undefined, refetchInterval: FRESH_EVERY,
  })
  const { started, skipped, missed, late, failed } = schedule.counts
  return (
    <Dialog onClose={onClose} title={`History of ${schedule.name}`} buttons={<Button variant="default" onClick={onClose}>Close</Button>}>
      <div>{started} started, {skipped} skipped, {missed} missed, {late} late, {failed} could not start. Runs {schedule.runs ? `${schedule.runs}: ${schedule.executes}.` : 'nothing: the published pipeline was deleted.'} Runs as {schedule.run_as_name || 'a former member'}.{schedule.last_success && <> The last success was at {exactly(schedule.last_success)}.</>}</div>
      <QueryBoundary query={ticks}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.ticks)
          return all.length === 0 ? <div>Nothing yet. Each planned time is listed here with what became of it.</div> : <Ticks ticks={all} />
        }}
      </QueryBoundary>
      {ticks.hasNextPage && <Button variant="default" loading={ticks.isFetchingNextPage} onClick={() => ticks.fetchNextPage()}>Show older</Button>}
    </Dialog>
  )
}

function Ticks({ ticks }: { ticks: Tick[] }) {
  return (
    <div className={list.scroller} tabIndex={0} role="region" aria-label="Planned times">
      <table className={`${list.list} ${list.narrow}`}>
        <thead><tr><th scope="col">Planned</th><th scope="col">Outcome</th><th scope="col">Reason</th></tr></thead>
        <tbody>
          {ticks.map((tick) => {
            const { mark, words } = tickState(tick)
            return (
              <tr key={tick.id}>
                <td><time dateTime={tick.planned}>{exactly(tick.planned)}</time></td>
                <td><span className={classes.state}><StateMark state={mark} size={14} />{tick.run && tick.ended !== 'deleted' ? <Link href={`/runs/${tick.run}`}>{words}</Link> : words}{tick.late && ', late'}</span></td>
                <td className={list.wrapped}>{tick.reason || ORIGINS[tick.origin]}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const ORIGINS: Record<Tick['origin'], string> = { times: '', events: 'After events', now: 'Run now', backfill: 'Backfill' }
