import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog } from './Dialog'

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
export function Confirm({ action, onConfirm, busy, children, ...dialog }: Props) {
  const buttons = (
    <>
      <Button variant="default" onClick={dialog.onClose} data-autofocus>Cancel</Button>
      <Button color="red" data-once onClick={onConfirm} loading={busy}>{action}</Button>
    </>
  )
  return <Dialog {...dialog} buttons={buttons}><div>{children}</div></Dialog>
}
