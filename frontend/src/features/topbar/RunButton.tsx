import { ActionIcon, Button, Group, Menu } from '@mantine/core'
import { IconChevronDown, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { duration } from '../../core/numbers'
import { runSeconds } from '../../core/runs'
import { commands } from '../../state/commands'
import { useDocument } from '../../state/document'
import { cancel, useRun } from '../../state/run'
import { isBusy, runDraft } from '../../state/runDraft'
import { useSelection } from '../../state/selection'
import { Keys } from '../../ui/Keys'
import { StateMark } from '../../ui/StateMark'
import classes from './TopBar.module.css'

const MENU = ['run', 'run_to', 'run_force']
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

function Stop() {
  const cancelling = useRun((state) => state.cancelling)
  return (
    <Button size="xs" variant="default" color="red" leftSection={<IconPlayerStopFilled size={14} />} rightSection={<Elapsed />} loading={cancelling} onClick={() => void cancel()}>
      Cancel
    </Button>
  )
}

/** For those who may look and not stop it. */
function Going() {
  return <span className={classes.going}><StateMark state="running" size={14} /> Running <Elapsed /></span>
}

function More() {
  useSelection((state) => state.nodes)
  const offered = commands.filter((command) => MENU.includes(command.id))
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon size={30} variant="filled" color="blue" aria-label="More ways to run"><IconChevronDown size={15} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {offered.map((command) => (
          <Menu.Item key={command.id} fz={13} disabled={command.can ? !command.can() : false} onClick={() => command.run()} rightSection={command.keys[0] && <Keys shortcut={command.keys[0]} />}>
            {command.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function RunButton() {
  const busy = useRun(isBusy)
  const readOnly = useDocument((state) => state.readOnly)
  if (readOnly) return busy ? <Going /> : null
  if (busy) return <Stop />
  return (
    <Group gap={1} wrap="nowrap">
      <Button size="xs" data-testid="run" leftSection={<IconPlayerPlayFilled size={14} />} onClick={() => void runDraft()}>Run</Button>
      <More />
    </Group>
  )
}
