import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { passwordProblem } from '../../core/team/people'
import { asApiError, changePassword } from '../../server/rest'
import { meQuery, signInsKey, tokensKey } from '../../state/me'
import { Failure } from '../../ui/Failure'

interface Props {
  opened: boolean
  asksCurrent: boolean
  onClose: () => void
}

export function ChangePassword({ opened, ...form }: Props) {
  return (
    <Modal opened={opened} onClose={form.onClose} title="Change password" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <Form {...form} />
    </Modal>
  )
}

/** Mounted with the dialog only, so that typed text is gone when it closes. */
function Form({ asksCurrent, onClose }: Omit<Props, 'opened'>) {
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
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) change.mutate()
  }
  if (change.isSuccess) {
    return (
      <Stack gap="md">
        <Text size="sm" role="status">Password changed. Your other sessions were signed out and your API tokens were revoked.</Text>
        <Group justify="flex-end"><Button onClick={onClose} data-autofocus>Close</Button></Group>
      </Stack>
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">You stay signed in here. All your other sessions are signed out, and all your API tokens are revoked.</Text>
        {asksCurrent && <PasswordInput label="Current password" autoComplete="current-password" data-autofocus value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />}
        <PasswordInput label="New password" description="At least 10 characters." autoComplete="new-password" data-autofocus={asksCurrent ? undefined : true} value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} />
        <PasswordInput label="Confirm new password" autoComplete="new-password" value={again} error={fresh && again && trouble} onChange={(event) => setAgain(event.currentTarget.value)} />
        {change.error && <Failure error={asApiError(change.error)} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={change.isPending} disabled={!ready}>Change password</Button>
        </Group>
      </Stack>
    </form>
  )
}
