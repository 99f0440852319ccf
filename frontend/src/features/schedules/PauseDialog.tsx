import { Button, Checkbox, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { exactly } from '../../core/base/numbers'
import type { Schedule } from '../../core/schedules/schedules'
import { asApiError, pauseSchedule, resumeSchedule } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

interface Props {
  schedule: Schedule
  onClose: () => void
  onDone: () => Promise<unknown>
}

/** Pauses a schedule with a note, or resumes it. */
export function PauseDialog({ schedule, onClose, onDone }: Props) {
  const { pause, name, kind } = schedule
  const [note, setNote] = useState('')
  const [until, setUntil] = useState('')
  const [catchUp, setCatchUp] = useState(false)
  const send = useMutation({
    mutationFn: () => (pause ? resumeSchedule(schedule, { catch_up: catchUp }) : pauseSchedule(schedule, { note, until: until ? new Date(until).toISOString() : null })),
    onSuccess: async () => {
      await onDone()
      onClose()
    },
  })
  const buttons = <><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" loading={send.isPending}>{pause ? 'Resume' : 'Pause'}</Button></>
  return (
    <Dialog onClose={onClose} title={`${pause ? 'Resume' : 'Pause'} “${name}”?`} error={send.error && asApiError(send.error)} buttons={buttons} onSubmit={() => send.mutate()}>
      {pause
        ? (
          <>
            <div>{pause.by} paused it at {exactly(pause.at)}{pause.note && `: ${pause.note}`}.</div>
            <Checkbox label="Run once for what fell into the pause" description={kind === 'events' ? 'Else the events of the pause are taken as read.' : 'Else the times of the pause stay skipped.'} checked={catchUp} onChange={(event) => setCatchUp(event.currentTarget.checked)} />
          </>
        )
        : (
          <>
            <TextInput label="Why" data-autofocus value={note} onChange={(event) => setNote(event.currentTarget.value)} />
            <TextInput label="Until" description="Empty: until it is resumed" type="datetime-local" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
          </>
        )}
    </Dialog>
  )
}
