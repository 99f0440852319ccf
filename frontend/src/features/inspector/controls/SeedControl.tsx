import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { IconDice5 } from '@tabler/icons-react'
import type { ControlProps } from './control'
import { NumberControl } from './NumberControl'

const MOST = 10_000

export function SeedControl(props: ControlProps) {
  return (
    <Group gap={6} wrap="nowrap" grow preventGrowOverflow={false}>
      <NumberControl {...props} />
      <Tooltip label="Generate a new seed">
        <ActionIcon size={32} variant="default" style={{ flexGrow: 0 }} disabled={props.readOnly} onClick={() => props.onChange(Math.floor(Math.random() * MOST))} aria-label="Generate a new seed"><IconDice5 size={16} stroke={1.6} /></ActionIcon>
      </Tooltip>
    </Group>
  )
}
