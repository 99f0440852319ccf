import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconChevronDown, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { Fragment } from 'react'
import { availableCommands } from '../../state/commands'
import { useDocument } from '../../state/document'
import { cancel, useRun } from '../../state/run'
import { isBusy, runDraft, useStopEarly } from '../../state/runDraft'
import { useSelection } from '../../state/selection'
import { CommandItems } from '../../ui/CommandItems'
import classes from './TopBar.module.css'

const MENU = [['run', 'run_to', 'run_again'], ['run_force_chosen', 'run_force'], ['stop_early']]

interface Size {
  /** In pixels, as the bar has room. */
  height: number
}

function CancelButton({ height }: Size) {
  const cancelling = useRun((state) => state.cancelling)
  return <Button h={height} size="xs" fz={13} px={12} variant="default" data-once leftSection={<IconPlayerStopFilled size={12} />} loading={cancelling} onClick={() => void cancel()}>Cancel</Button>
}

function RunMenu({ height, disabled }: Size & { disabled: boolean }) {
  useSelection((state) => state.nodes)
  useStopEarly()
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon w={28} h={height} variant="filled" color="ultramarine" disabled={disabled} aria-label="More run options"><IconChevronDown size={14} /></ActionIcon></Menu.Target>
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

/** Run, and in the same place Cancel while a run goes; nothing for viewers. Disabled until the user's role is known. */
export function RunButton({ height }: Size) {
  const busy = useRun(isBusy)
  const readOnly = useDocument((state) => state.readOnly)
  const known = useDocument((state) => state.pipelineId !== null)
  const empty = useDocument((state) => state.loaded && Object.keys(state.nodes).length === 0)
  if (readOnly) return null
  if (busy) return <CancelButton height={height} />
  return (
    <span className={classes.split}>
      <Button h={height} size="xs" fz={13} px={12} data-testid="run" data-once disabled={!known || empty} leftSection={<IconPlayerPlayFilled size={12} />} onClick={() => void runDraft()}>Run</Button>
      <RunMenu height={height} disabled={!known} />
    </span>
  )
}
