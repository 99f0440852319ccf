import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CATCH_UPS, draftOf, newTimes, OVERLAPS, sentTarget, targetOf, timesOf, TRIGGER_OVERLAPS, type Kind, type Schedule, type Target } from '../../core/schedules/schedules'
import { asApiError, changeSchedule, changeTrigger, createSchedule, createTrigger, getPipelines, getPublishedOnes } from '../../server/rest'
import { CopyLine } from '../../ui/CopyLine'
import { Dialog } from '../../ui/Dialog'
import { NumberField } from '../../ui/NumberField'
import { RunsAs } from './RunsAs'
import classes from './schedules.module.css'
import { TargetFields } from './TargetFields'
import { TimesFields } from './TimesFields'
import { TimesPreview } from './TimesPreview'
import { NO_WATCH, WatchFields } from './WatchFields'

interface Props {
  workspace: string
  kind: Kind
  /** The one that is changed; null for a new one. */
  one: Schedule | null
  onClose: () => void
}

/** Creates a schedule or a trigger, or changes one. */
export function ScheduleForm({ workspace, kind, one, onClose }: Props) {
  const queries = useQueryClient()
  const pipelines = useQuery({ queryKey: ['pipelines', 'watched', workspace], queryFn: () => getPipelines(workspace) })
  const published = useQuery({ queryKey: ['published', { workspace }], queryFn: () => getPublishedOnes(workspace) })
  const [times, setTimes] = useState(() => (one?.times ? draftOf(one.times) : newTimes()))
  const [watch, setWatch] = useState(one?.watch ?? NO_WATCH)
  const [common, setCommon] = useState({
    name: one?.name ?? '', overlap: one?.overlap ?? (kind === 'times' ? 'skip' : 'queue_one'),
    catch_up: one?.catch_up ?? 'last', window: (one?.window_seconds ?? 3600) / 60, jitter: one?.jitter_seconds ?? 0, pause_after: one?.pause_after ?? 3,
    email: one?.email ?? false, webhook: one?.webhook ?? '', run_as: one?.run_as ?? null,
  })
  const [chosen, setTarget] = useState<Target | null>(null)
  const target = chosen ?? targetOf(one, pipelines.data?.[0]?.id ?? '')
  const set = (more: Partial<typeof common>) => setCommon({ ...common, ...more })
  const save = useMutation({
    mutationFn: () => {
      const { window, jitter, catch_up, ...plain } = common
      const all = { ...plain, ...sentTarget(target), ...(one && { pipeline: undefined }) } // a schedule keeps its pipeline
      if (kind === 'events') return one ? changeTrigger(one.id, { ...all, watch }) : createTrigger({ ...all, watch })
      // Stored times that were not touched keep the anchor of their interval.
      const changed = one?.times && JSON.stringify(draftOf(one.times)) === JSON.stringify(times) ? {} : { times: timesOf(times) }
      const whole = { ...all, ...changed, catch_up, window_seconds: window * 60, jitter_seconds: jitter }
      return one ? changeSchedule(one.id, whole) : createSchedule(whole)
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['schedules', workspace] })
      if (Object.keys(saved.secrets).length === 0 && saved.notes.length === 0) onClose()
    },
  })
  if (save.data) return <Saved schedule={save.data} onClose={onClose} />
  const noun = kind === 'times' ? 'schedule' : 'trigger'
  const ready = common.name.trim() !== '' && target.id !== '' && (kind === 'times' || watch.sources.length > 0)
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={save.isPending} disabled={!ready}>{one ? 'Save' : 'Create'}</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={one ? `Edit ${one.name}` : `New ${noun}`} error={save.error && asApiError(save.error)} onSubmit={() => ready && save.mutate()} buttons={buttons}>
      <TextInput label="Name" data-autofocus value={common.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <TargetFields workspace={workspace} kind={kind} one={one} pipelines={pipelines.data ?? []} published={published.data ?? []} target={target} onChange={setTarget} />
      {kind === 'times'
        ? <><TimesFields draft={times} onChange={setTimes} /><TimesPreview draft={times} /></>
        : <WatchFields workspace={workspace} watch={watch} onChange={setWatch} />}
      <details className={classes.details}>
        <summary>Overlap, missed times, failures and notices</summary>
        <div className={classes.fields}>
          <NativeSelect label="While an earlier run is in progress" data={kind === 'times' ? OVERLAPS : TRIGGER_OVERLAPS} value={common.overlap} onChange={(event) => set({ overlap: event.currentTarget.value as Schedule['overlap'] })} />
          {kind === 'times' && (
            <>
              <NativeSelect label="Times missed while Easel was off" data={CATCH_UPS} value={common.catch_up} onChange={(event) => set({ catch_up: event.currentTarget.value as Schedule['catch_up'] })} />
              <NumberField label="Catch up within (minutes)" min={1} max={527_040} allowDecimal={false} value={common.window} onChange={(value) => set({ window: Number(value) || 1 })} />
              <NumberField label="Random delay up to (seconds)" min={0} max={86_400} allowDecimal={false} value={common.jitter} onChange={(value) => set({ jitter: Number(value) || 0 })} />
            </>
          )}
          <NumberField label="Pause after failures in a row" description="0 for never" min={0} max={1000} allowDecimal={false} value={common.pause_after} onChange={(value) => set({ pause_after: Number(value) || 0 })} />
          <RunsAs workspace={workspace} person={common.run_as} onChange={(run_as) => set({ run_as })} />
          <TextInput label="Send notices to" description="The address of a webhook" placeholder="https://" value={common.webhook} onChange={(event) => set({ webhook: event.currentTarget.value })} />
          <Checkbox className={classes.wide} label="Send notices by email to the person it runs as" description="If the administrator has set up a mail server." checked={common.email} onChange={(event) => set({ email: event.currentTarget.checked })} />
        </div>
      </details>
    </Dialog>
  )
}

/** What is shown once after saving: secrets, and what was done beside. */
function Saved({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const { secrets, notes } = schedule
  return (
    <Dialog onClose={onClose} title={`“${schedule.name}” is saved`} buttons={<Button onClick={onClose} data-autofocus>Done</Button>}>
      {notes.map((note) => <p key={note}>{note}</p>)}
      {secrets.hook && <><p>Send signed messages (Standard Webhooks) to this address. The secret is shown this once.</p><CopyLine label="Address" help="POST with JSON or any other body." text={`${location.origin}/api/hooks/${schedule.id}/`} /><CopyLine label="Secret" help="Keep it where the sender keeps its secrets." text={secrets.hook} /></>}
      {secrets.webhook && <><p>Notices are signed (Standard Webhooks) with this secret. It is shown this once.</p><CopyLine label="Secret of notices" help="The receiver checks the signature with it." text={secrets.webhook} /></>}
    </Dialog>
  )
}
