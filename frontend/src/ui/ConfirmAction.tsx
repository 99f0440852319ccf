import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { asApiError } from '../core/base/apiError'
import { Confirm } from './Confirm'

interface Props {
  onClose: () => void
  title: string
  action: string
  /** What is done when it is confirmed. The dialog closes when that succeeded, and shows why it did not. */
  act: () => Promise<unknown>
  /** After it was tried, such as to load a list again. */
  onTried: () => unknown
  children: ReactNode
}

/** A confirmation of one thing of a list, mounted for it: it never shows what was said of another. */
export function ConfirmAction({ act, onTried, ...confirm }: Props) {
  const send = useMutation({ mutationFn: act, onSuccess: confirm.onClose, onSettled: onTried })
  return <Confirm {...confirm} opened busy={send.isPending} error={send.error && asApiError(send.error)} onConfirm={() => send.mutate()} />
}
