import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failure } from './Failure'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  /** The button's verb and its object. */
  action: string
  onConfirm: () => void
  busy: boolean
  error: { words: string; remedy: string | null } | null
  children: ReactNode
}

/** A confirmation of an action that cannot be undone. */
export function Confirm({ opened, onClose, title, action, onConfirm, busy, error, children }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <Text size="sm" component="div">{children}</Text>
        {error && <Failure error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>Cancel</Button>
          <Button color="red" onClick={onConfirm} loading={busy}>{action}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
