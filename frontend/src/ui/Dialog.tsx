import { Modal, Stack } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import classes from './Dialog.module.css'
import { Failure } from './Failure'
import { useReturnFocus } from './useReturnFocus'

interface Props {
  opened?: boolean
  onClose: () => void
  /** What is asked. */
  title: string
  /** What went wrong with the last try. */
  error?: { words: string; remedy: string | null } | null
  /** Buttons, the one that acts last. */
  buttons: ReactNode
  /** A dialog with fields is a form, which Enter sends. */
  onSubmit?: () => void
  children: ReactNode
}

/** Enter sends a form from a field that may stand far above what is said of it. */
const show = (failure: HTMLElement | null) => failure?.scrollIntoView({ block: 'nearest' })

/** A question with its answers: a title, what belongs to it, and buttons at the right. */
export function Dialog({ opened = true, onClose, title, error, buttons, onSubmit, children }: Props) {
  useReturnFocus()
  // What is said of values that have changed since may be wrong.
  const [outdated, setOutdated] = useState<string | null>(null)
  const content = (
    <Stack gap="md">
      {children}
      {error && error.words !== outdated && <div ref={show}><Failure error={error} /></div>}
      <div className={classes.buttons}>{buttons}</div>
    </Stack>
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setOutdated(null)
    onSubmit?.()
  }
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered padding={20} classNames={classes} closeButtonProps={{ 'aria-label': 'Close' }}>
      {onSubmit ? <form onSubmit={submit} onInput={() => setOutdated(error?.words ?? null)}>{content}</form> : content}
    </Modal>
  )
}
