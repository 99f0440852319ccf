import { Anchor, Button, Menu } from '@mantine/core'
import { IconCalendarTime, IconDots, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { here, stateOf, type Kind, type Schedule } from '../../core/schedules/schedules'
import { mayEdit, type Workspace } from '../../core/team/people'
import { asApiError, deleteSchedule, getSchedules, runSchedule } from '../../server/rest'
import { Box } from '../../ui/Box'
import { ConfirmAction } from '../../ui/ConfirmAction'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { StateMark } from '../../ui/StateMark'
import { History } from './History'
import { Notices } from './Notices'
import { PauseDialog } from './PauseDialog'
import { ScheduleForm } from './ScheduleForm'
import classes from './schedules.module.css'

type Open = { what: 'new'; kind: Kind } | { what: 'edit' | 'delete' | 'pause' | 'history'; one: Schedule } | null
const FRESH_EVERY = 5000

/** The schedules and triggers of a workspace, and notices of how their runs ended. */
export default function SchedulesPage({ workspace }: { workspace: Workspace }) {
  const queries = useQueryClient()
  const schedules = useQuery({ queryKey: ['schedules', workspace.id], queryFn: () => getSchedules(workspace.id), refetchInterval: FRESH_EVERY })
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const fresh = () => queries.invalidateQueries({ queryKey: ['schedules', workspace.id] })
  const run = useMutation({ mutationFn: runSchedule, onSettled: fresh })
  const edits = mayEdit(workspace)
  // One that somebody else deletes meanwhile stays in its dialog, which says so when it is sent.
  const one = open && 'one' in open ? schedules.data?.find(({ id }) => id === open.one.id) ?? open.one : undefined
  const actions = edits && (
    <>
      <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setOpen({ what: 'new', kind: 'events' })}>New trigger</Button>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ what: 'new', kind: 'times' })}>New schedule</Button>
    </>
  )
  return (
    <Page title="Schedules" actions={actions}>
      {run.error && <Failure error={asApiError(run.error)} />}
      <QueryBoundary query={schedules} skeleton={<ListSkeleton rows={4} />}>
        {(all) => (
          <>
            {all.length === 0
              ? <Box><Empty title="No schedules yet" icon={IconCalendarTime}>{edits ? 'A schedule runs a pipeline or a published pipeline at planned times. A trigger runs one when a dataset or another pipeline has news, or after a webhook.' : 'An editor of the workspace can create one.'}</Empty></Box>
              : <List all={all} edits={edits} onOpen={setOpen} onRun={(schedule) => run.mutate(schedule)} />}
            <div className={classes.notices}><Notices workspace={workspace.id} /></div>
          </>
        )}
      </QueryBoundary>
      {open?.what === 'new' && <ScheduleForm workspace={workspace.id} kind={open.kind} one={null} onClose={close} />}
      {one && open?.what === 'edit' && <ScheduleForm workspace={workspace.id} kind={one.kind} one={one} onClose={close} />}
      {one && open?.what === 'history' && <History schedule={one} onClose={close} />}
      {one && open?.what === 'pause' && <PauseDialog schedule={one} onClose={close} onDone={fresh} />}
      {one && open?.what === 'delete' && (
        <ConfirmAction onClose={close} title={`Delete “${one.name}”?`} action="Delete" act={() => deleteSchedule(one)} onTried={fresh}>
          Its history goes too. Its runs stay.
        </ConfirmAction>
      )}
    </Page>
  )
}

interface ListProps {
  all: Schedule[]
  edits: boolean
  onOpen: (open: Open) => void
  onRun: (schedule: Schedule) => void
}

function List({ all, edits, onOpen, onRun }: ListProps) {
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Name</th><th scope="col" data-wide>Pipeline</th><th scope="col" data-wide>When</th><th scope="col" data-wider>Next</th><th scope="col">Last</th><td /></tr></thead>
        <tbody>{all.map((one) => <Row key={one.id} one={one} edits={edits} onOpen={onOpen} onRun={onRun} />)}</tbody>
      </table>
    </div>
  )
}

function Row({ one, edits, onOpen, onRun }: Omit<ListProps, 'all'> & { one: Schedule }) {
  const { mark, words } = stateOf(one)
  const next = one.kind === 'events' ? `${one.unread} unread` : one.next_at ? here(one.next_at) : '–'
  return (
    <tr>
      <th scope="row"><Anchor component="button" fz="inherit" fw={500} c="var(--text)" ta="left" onClick={() => onOpen({ what: 'history', one })}>{one.name}</Anchor></th>
      <td data-wide className={list.wrapped}>
        {one.pipeline ? <Link href={`/pipelines/${one.pipeline}`}>{one.runs}</Link> : one.published && <Link href={`/published/${one.published}`}>{one.runs}</Link>}
        <div className={list.soft}>{one.executes}</div>
      </td>
      <td data-wide className={list.wrapped}>{one.words}</td>
      <td data-wider className={list.soft}>{next}</td>
      <td><span className={classes.state}><StateMark state={mark} />{!one.pause && one.last?.run ? <Link href={`/runs/${one.last.run}`}>{words}</Link> : words}</span></td>
      <td data-actions>
        <Button data-wide size="compact-xs" variant="subtle" color="gray" onClick={() => onOpen({ what: 'history', one })} aria-label={`History of ${one.name}`}>History</Button>
        {edits && (
          <Menu position="bottom-end">
            <Menu.Target><Button size="compact-xs" variant="subtle" color="gray" aria-label={`Actions for ${one.name}`}><IconDots size={16} /></Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onRun(one)}>Run now</Menu.Item>
              <Menu.Item onClick={() => onOpen({ what: 'pause', one })}>{one.pause ? 'Resume' : 'Pause'}</Menu.Item>
              <Menu.Item onClick={() => onOpen({ what: 'edit', one })}>Edit</Menu.Item>
              <Menu.Item color="red" onClick={() => onOpen({ what: 'delete', one })}>Delete</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </td>
    </tr>
  )
}
