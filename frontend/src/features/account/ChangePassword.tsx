import { Button, PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { passwordProblem } from '../../core/team/people'
import { asApiError, changePassword } from '../../server/rest'
import { meQuery, signInsKey, tokensKey } from '../../state/me'
import { Dialog } from '../../ui/Dialog'

interface Props {
  asksCurrent: boolean
  onClose: () => void
}

/** Mounted only while it is open, so that typed text is gone when it closes. */
export function ChangePassword({ asksCurrent, onClose }: Props) {
  const queries = useQueryClient()
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () => changePassword(fresh, asksCurrent ? current : undefined),
    onSuccess: async () => {
      await Promise.all([meQuery.queryKey, tokensKey, signInsKey].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  const trouble = passwordProblem(fresh, again)
  const ready = fresh !== '' && again !== '' && !trouble && (!asksCurrent || current !== '')
  const send = () => {
    if (ready) change.mutate()
  }
  if (change.isSuccess) {
    return (
      <Dialog onClose={onClose} title="Change password" buttons={<Button onClick={onClose} data-autofocus>Close</Button>}>
        <div role="status">Password changed. Your other sessions were signed out and your API tokens were revoked.</div>
      </Dialog>
    )
  }
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={change.isPending} disabled={!ready}>Change password</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title="Change password" error={change.error && asApiError(change.error)} onSubmit={send} buttons={buttons}>
      <div>You stay signed in here. All your other sessions are signed out, and all your API tokens are revoked.</div>
      {asksCurrent && <PasswordInput label="Current password" autoComplete="current-password" data-autofocus value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />}
      <PasswordInput label="New password" description="At least 10 characters." autoComplete="new-password" data-autofocus={asksCurrent ? undefined : true} value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} />
      <PasswordInput label="Confirm new password" autoComplete="new-password" value={again} error={fresh && again && trouble} onChange={(event) => setAgain(event.currentTarget.value)} />
    </Dialog>
  )
}
