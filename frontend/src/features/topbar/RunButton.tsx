import { ActionIcon, Button, Group, Menu, Tooltip } from '@mantine/core'
import { IconChevronDown, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { Fragment, useEffect, useState } from 'react'
import { duration } from '../../core/base/numbers'
import { runSeconds, waitsFor } from '../../core/runs/runs'
import { availableCommands } from '../../state/commands'
import { useDocument } from '../../state/document'
import { cancel, useRun } from '../../state/run'
import { isBusy, runDraft, useStopEarly } from '../../state/runDraft'
import { useSelection } from '../../state/selection'
import { CommandItems } from '../../ui/CommandItems'
import { StateMark } from '../../ui/StateMark'
import classes from './TopBar.module.css'

const MENU = [['run', 'run_to', 'run_again'], ['run_force_chosen', 'run_force'], ['stop_early']]
const TICK = 200

function Elapsed() {
  const run = useRun((state) => state.run)
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [])
  const seconds = run && runSeconds(run, now)
  return seconds === null ? null : <span className="figures">{seconds < 60 ? `${Math.floor(seconds)} s` : duration(seconds)}</span>
}

/** Why the run has not started. */
function QueueReason() {
  const words = useRun(({ run }) => run && waitsFor(run))
  if (!words) return null
  return <Tooltip label={words}><span className={classes.going} role="status"><StateMark state="waiting" size={14} /><span className={classes.waits}>{words}</span></span></Tooltip>
}

function CancelButton() {
  const cancelling = useRun((state) => state.cancelling)
  return (
    <Button size="xs" variant="default" color="red" leftSection={<IconPlayerStopFilled size={14} />} rightSection={<Elapsed />} loading={cancelling} onClick={() => void cancel()}>
      Cancel
    </Button>
  )
}

/** For viewers, who cannot cancel. */
function RunningState() {
  return <span className={classes.going}><StateMark state="running" size={14} /> Running <Elapsed /></span>
}

function RunMenu() {
  useSelection((state) => state.nodes)
  useStopEarly()
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon size={30} variant="filled" color="ultramarine" aria-label="More run options"><IconChevronDown size={15} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {MENU.map((ids, at) => (
          <Fragment key={at}>
            {at > 0 && <Menu.Divider />}
            <CommandItems commands={availableCommands(ids)} />
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function RunButton() {
  const busy = useRun(isBusy)
  const readOnly = useDocument((state) => state.readOnly)
  if (readOnly) return busy ? <><QueueReason /><RunningState /></> : null
  if (busy) return <><QueueReason /><CancelButton /></>
  return (
    <Group gap={1} wrap="nowrap">
      <Button size="xs" data-testid="run" leftSection={<IconPlayerPlayFilled size={14} />} onClick={() => void runDraft()}>Run</Button>
      <RunMenu />
    </Group>
  )
}
